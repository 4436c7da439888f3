"""The lessons and programmes of this installation: ours and the organisation's own."""

from bot.settings import Settings, require_content_folder
from lessons.library import Library, load_library


def open_library(settings: Settings) -> Library:
    """Read everything there is. Raises ContentError, which names file, line and fault, and SettingsFault."""
    require_content_folder(settings)
    return load_library(*([settings.content_path] if settings.content_path else []))
