"""Why a build may not go on. Apart from the gates, so that it can be caught without Great Expectations."""


class GateFailed(Exception):
    """What was received, or what was built, breaks a promise: nothing of it is published."""

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        """one for each check that failed, for whoever knows the data"""
