"""What is said of a programme can change after its start: name, summary, languages, what it is for."""

import pytest

from tests import making


@pytest.fixture
async def owner(database, made, browse):
    return await making.signed_in(database, browse, made, made.owner)


async def test_name_summary_and_languages_change(made, launched, owner, browse, database):
    at = f"/a/programmes/{launched.programme.id}"
    assert f'href="{at}/about"' in (await owner.get(at)).html
    page = await owner.get(f"{at}/about")
    first, second = page, await owner.get(f"{at}/about")
    wrong = await page.submit(**{"name.en": " ", "summary.fr": "x" * 1_001, "focus": []})
    assert (
        wrong.status == 422 and wrong.text.count("This is needed.") == 4
    )  # beside each field and in the list
    assert "This should have at most" in wrong.text
    saved = await first.submit(
        **{
            "name.en": "Women who lead",
            "name.ar": "",
            "languages": ["fr", "en"],
            "focus": ["career", "skills"],
        }
    )
    assert "Saved." in saved.text and "What is said of Women who lead" in saved.text
    stale = await second.submit(**{"name.en": "Other"})
    assert "Somebody else has written this anew meanwhile." in stale.text and "Women who lead" in stale.text
    assert "Women who lead" in (await browse(made.host).get("/p/network")).text
    desk = await making.signed_in(database, browse, made, made.coordinator)
    assert (await desk.get(f"{at}/about")).status == 403
