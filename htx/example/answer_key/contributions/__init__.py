"""What each reported row contributes to which figure."""
