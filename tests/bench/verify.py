"""How much of what is wrong in a recording ``verify`` notices. Prints a Markdown table; asserts nothing.

    python tests/bench/verify.py                          over an hour on two idle processors
    python tests/bench/verify.py --voice espeak:en-gb-x-rp
    python tests/bench/verify.py --only telephone

The packaged leaflet and a leaflet of doses are built and verified as they are; then with words that matter said as
their twins, and with sentences cut out, silenced and exchanged. Telephone sound is heard beside the chapters at every
rate, with the prompts, as built, and with every fifth sentence said as a twin: everywhere, and by telephone only; and,
at one rate, by the recogniser alone. A place is caught if its cue failed; a false alarm is a cue that failed though
nothing was changed in it.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "proof"))

import mutants  # type: ignore[import-not-found]  # noqa: E402

from audioleaflet import pipeline  # noqa: E402
from audioleaflet.book import manifest  # noqa: E402
from audioleaflet.proof.verify import verify, verify_all  # noqa: E402
from audioleaflet.proof.verify.model import Report  # noqa: E402
from audioleaflet.proof.verify.recording import PROMPTS, library_folder  # noqa: E402

EVERY, TELEPHONE = "every", "every, changed by telephone only"
LEAFLET = ROOT / "content" / "bone-metastasis" / "en.yaml"


def tell(name: str, edition: Path, changed: set[str], *, rendition: str, jobs: int | None) -> None:
    """Verify one sound of an edition, or every, and print a row for each; it shares the time of all."""
    began = time.perf_counter()
    if rendition in (EVERY, TELEPHONE):
        heard = [library_folder(manifest.load(edition), edition)] if changed else []
        reports = verify_all(edition, jobs=jobs, heard=heard)
    else:
        reports = (verify(edition, rendition=rendition, jobs=jobs),)
    seconds = (time.perf_counter() - began) / len(reports)
    for report in reports:
        if report.rendition == PROMPTS and changed:  # they have ids of their own
            continue
        where = f"{name}: {report.rendition}" if report.rendition else name
        there = set() if rendition == TELEPHONE and not report.rendition else changed
        row(where, edition, there, report, seconds)


def row(name: str, edition: Path, changed: set[str], report: Report, seconds: float) -> None:
    """Print the row of one report, and what went wrong below it."""
    failed = set(report.failed_cues())
    totals = report.totals()
    length = manifest.load(edition).duration_ms / 1000
    caught = f"{len(failed & changed)} of {len(changed)}" if changed else "–"
    undecided = totals["undecided"] + totals["choices_undecided"]
    took = f"{seconds / length:.2f}"
    told = (name, caught, len(failed - changed), undecided, totals["cues"], totals["choices"], took)
    print("| " + " | ".join(map(str, told)) + " |", flush=True)
    for cue in report.cues:
        wrong = [choice for choice in cue.choices if choice.state != "right"]
        if cue.id in changed - failed:
            print(f"    NOT CAUGHT {cue.id} {cue.expected} / {min((c.margin for c in cue.choices), default=None)}")
        elif cue.id in failed - changed:
            print(f"    FALSE ALARM {cue.id} {cue.expected} / {cue.heard} / {cue.fit} {wrong}")
            print(f"      {[finding.message for finding in report.findings if finding.cue == cue.id]}")


def main() -> None:
    """Build, break and verify."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="espeak:en-us")
    parser.add_argument("--jobs", type=int)
    parser.add_argument("--only", default="", help="rows whose names begin so")
    options = parser.parse_args()
    print("| edition | caught | false alarms | undecided | cues | words that matter | of playing time |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, edition, changed, *rendition in editions(folder, options.voice, options.only):
            tell(title, edition, changed, rendition="".join(rendition), jobs=options.jobs)


def editions(folder: Path, voice: str, only: str):  # type: ignore[no-untyped-def]  # a generator of rows
    """Every edition with its name, the ids of its changed cues, and which sound of it is meant if not its chapters."""
    cache = folder / "cache"
    real = pipeline.build(LEAFLET, output=folder / "real", cache=cache, formats=("mp3",), voice=voice).folder
    doses = mutants.build(mutants.sentences(), folder / "doses", cache=cache, voice=voice)
    if "packaged".startswith(only):
        yield "packaged leaflet, as built", real, set()
    if "doses".startswith(only):
        yield "doses, as built", doses, set()
    if "words".startswith(only):
        for wrong in (0, 1):
            edition = mutants.build(mutants.sentences(wrong), folder / f"wrong{wrong}", cache=cache, voice=voice)
            yield f"words said as a twin ({wrong + 1})", edition, mutants.disguise(edition, doses)
    if "sentences".startswith(only):
        yield from _sentences(real, folder)
    if "telephone".startswith(only):
        yield from _telephone(folder, voice)


def _telephone(folder: Path, voice: str):  # type: ignore[no-untyped-def]
    cache, formats = folder / "cache", ("mp3", "phone")
    real = pipeline.build(LEAFLET, output=folder / "line", cache=cache, formats=formats, voice=voice).folder
    yield "telephone: as built", real, set(), EVERY
    written, twins = mutants.sentences(), mutants.sentences(0)
    script = mutants.build(written, folder / "written", cache=cache, voice=voice, formats=formats)
    for part in range(5):
        said = [twin if at % 5 == part else text for at, (text, twin) in enumerate(zip(written, twins, strict=True))]
        sound = mutants.build(said, folder / f"said{part}", cache=cache, voice=voice, formats=formats)
        # Where mutants.build put it: a library's prompts are found from the edition's place.
        only = folder / f"only{part}" / "audio" / "doses" / "en"
        shutil.copytree(folder / "written" / "audio", folder / f"only{part}" / "audio")
        changed = mutants.connect(only, sound)
        yield f"telephone: a fifth said as a twin there only ({part + 1})", only, changed, TELEPHONE
        mutants.disguise(sound, script)
        yield f"telephone: a fifth said as a twin everywhere ({part + 1})", sound, changed, EVERY
        yield f"telephone: a fifth said as a twin, the recogniser alone ({part + 1})", sound, changed, "phone-normal"


def _sentences(real: Path, folder: Path):  # type: ignore[no-untyped-def]
    chapters = manifest.load(real).chapters
    some = [cue.id for chapter in chapters for cue in chapter.cues[2:-1]]
    chosen = set(some[7 :: len(some) // 30][:30])
    edition = folder / "silenced"
    mutants.copy(real, edition)
    mutants.silenced(edition, chosen)
    yield "sentence silenced", edition, chosen
    for run in range(5):  # one a chapter and a run
        edition, chosen = folder / f"cut{run}", set()
        mutants.copy(real, edition)
        for chapter in chapters:
            chosen.add(chapter.cues[3 + (run * 7 + chapter.number) % (len(chapter.cues) - 4)].id)
        mutants.cut(edition, chosen)
        yield f"sentence cut out ({run + 1})", edition, chosen
    edition, pairs = folder / "swapped", []
    for chapter in chapters:
        names = [cue.id for cue in chapter.cues[2:]]
        pairs += [(names[at], names[at + 2]) for at in range(0, len(names) - 2, 5)][:3]
    mutants.copy(real, edition)
    texts = {cue.id: cue.text for cue in manifest.load(real).cues().values()}
    pairs = [pair for pair in pairs if texts[pair[0]] != texts[pair[1]]]
    mutants.swapped(edition, pairs)
    yield "sentences exchanged", edition, {name for pair in pairs for name in pair}


if __name__ == "__main__":
    main()
