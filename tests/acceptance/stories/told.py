"""All stories, in the order of the three ways to dispatch."""

from tests.acceptance.stories import by_911, by_911_too, by_clinicians, by_hotlines
from tests.acceptance.stories.story import STORIES, Story

__all__ = ["STORIES", "Story", "by_911", "by_911_too", "by_clinicians", "by_hotlines"]
