"""Whom and what the examples are about."""

PERSON = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a01"
MENTOR = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a02"
MENTEE = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a03"
PROGRAMME = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a04"
CYCLE = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a05"
THIS = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a06"
OTHER = "0199b1f0-3c5a-7d10-9a44-5b1f6c2e8a07"
NOW = "2026-11-22T09:30:00Z"
SOON = "2026-11-25T23:59:59Z"
DIGEST = "5f0c1b7a9d3e48f2a6b1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9"
SECTIONS = [{"code": "aims", "title": "Our aims", "points": ["We meet in a café."]}]
