import pytest

from portal.static_site.sharing_images import not_drawn
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


def test_every_image_is_left_that_nobody_has_asked_for(client):
    factories.agreement(slug="plant")
    factories.session(conference=factories.conference(slug="summit"), slug="opening")
    factories.agreement(slug="secret", published_at=None)
    pages = {
        f"/{code}/{page}sharing.png"
        for code in ("en", "zh-hans")
        for page in ("", "agreements/plant/", "conferences/summit/", "conferences/summit/sessions/opening/")
    }
    assert pages <= set(not_drawn())
    assert not [address for address in not_drawn() if "secret" in address]

    for address in pages:
        assert client.get(address).status_code == 200

    assert not pages & set(not_drawn())


def test_an_image_that_says_something_else_by_now_is_left_again(client):
    agreement = factories.agreement(slug="plant")
    client.get("/en/agreements/plant/sharing.png")
    assert "/en/agreements/plant/sharing.png" not in set(not_drawn())

    agreement.title_en = "Another plant"
    agreement.save()

    assert "/en/agreements/plant/sharing.png" in set(not_drawn())
