"""信访考核: spreadsheet-native scoring for offices that assess petition and hotline work."""

__version__ = "0.1.0"
