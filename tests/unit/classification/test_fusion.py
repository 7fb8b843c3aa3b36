from services.classification.domain.fusion import Fusion, SourceKind

FUSION = Fusion(10, 0.25, dict.fromkeys(SourceKind, 1.0))


def test_what_every_source_has_first_has_the_score_one() -> None:
    fused = FUSION.fuse({SourceKind.TERM: {"a": 0.9, "b": 0.5}, SourceKind.HS_CODE: {"a": 0.8}})
    assert fused["a"] == 1
    assert 0 < fused["b"] < 1


def test_two_second_places_outweigh_one_first() -> None:
    fused = FUSION.fuse(
        {
            SourceKind.TERM: {"a": 0.9, "b": 0.5},
            SourceKind.HS_CODE: {"c": 0.9, "b": 0.5},
        }
    )
    assert max(fused, key=lambda each: fused[each]) == "b"


def test_entries_that_a_source_cannot_tell_apart_share_a_rank() -> None:
    fused = FUSION.fuse({SourceKind.HS_CODE: {"b": 0.8, "a": 0.8, "c": 0.5}})
    assert fused["a"] == fused["b"] > fused["c"]
    # The third stands third, not second.
    assert fused["c"] == 11 / 13


def test_the_share_of_a_source_weighs() -> None:
    shares = {**dict.fromkeys(SourceKind, 1.0), SourceKind.CONTROL_CODE: 3.0}
    fused = Fusion(10, 0.25, shares).fuse(
        {SourceKind.CONTROL_CODE: {"a": 0.9}, SourceKind.TERM: {"b": 0.9}, SourceKind.TEXT_ZH: {"b": 0.9}}
    )
    assert fused["a"] > fused["b"]


def test_nothing_found_is_nothing() -> None:
    assert FUSION.fuse({}) == {}
    assert FUSION.fuse({SourceKind.TERM: {}}) == {}
