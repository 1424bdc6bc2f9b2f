"""What goes wrong at the doors, in one clear sentence each.

Every text gives the base name of the file, what was found and where, what was expected, and one
next step, in at most five lines, without the path of a home folder.
"""


class NnlibError(Exception):
    """An error of ours, whose text is a whole sentence that says what to do."""


class ClassroomError(NnlibError, ValueError):
    """A lesson, page or folder with which a command for a class cannot go on."""


class DataFileError(NnlibError, ValueError):
    """A file of digits that cannot be read as what it should be."""


class DigitsWarning(UserWarning):
    """Digits that were read, but are perhaps not what they seem."""


class DownloadError(NnlibError, OSError):
    """The full set could not be fetched."""


class ModelFileError(NnlibError, ValueError):
    """A file that holds no network, or not a whole one."""


class PictureError(NnlibError, ValueError):
    """A picture that cannot be read, or in which no digit was found."""
