from tests.hostile import test_desk, test_strangers


def test_at_least_four_thousand_inputs_are_sent_on_each_database():
    """Each test of these modules asserts its own number."""
    assert sum({**test_strangers.COUNTS, **test_desk.COUNTS}.values()) >= 4000
