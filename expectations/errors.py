"""The error of the gates, in a module that does not import Great Expectations."""


class GateFailed(Exception):
    """A batch or a build violates its checks: it is not promoted."""

    def __init__(self, sentences: list[str]):
        super().__init__("\n".join(sentences))
        self.sentences = sentences
        """one for each failed check, for people who know the data"""
