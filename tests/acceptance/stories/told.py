"""All stories, in the order of the three ways to dispatch."""

from tests.acceptance.stories import beside_a_transfer, by_911, by_911_too, by_clinicians, by_hotlines
from tests.acceptance.stories.story import STORIES, Story

__all__ = ["STORIES", "Story", "beside_a_transfer", "by_911", "by_911_too", "by_clinicians", "by_hotlines"]
