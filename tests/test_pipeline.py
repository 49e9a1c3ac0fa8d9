from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Made
from tests.contracts.behaviours import CAPTCHA, HANG_UP
from tests.editions import REAL, Library, Tones, choir, stamps, tree, whole

from audioleaflet import pipeline
from audioleaflet.book import manifest
from audioleaflet.errors import ConfigError, ContentError, SpeechError, StorageError, VoiceNotFound
