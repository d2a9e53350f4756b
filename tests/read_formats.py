#!/usr/bin/env python3
"""Reads what `bdbtop list` and `bdbtop history` wrote, for tests/formats-t, with the libraries that its users have.

read_formats.py schema SCHEMAS DIRECTORY: validate each object by its schema
read_formats.py separated DIRECTORY: compare csv and tsv with json
read_formats.py states DIRECTORY: compare the metrics of states with json
"""
import csv
import json
import pathlib
import re
import sys
import warnings


def read_json(path):
    return json.loads(path.read_text(encoding="utf-8"))


def read_lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def validate(schemas, directory):
    warnings.simplefilter("ignore")
    import jsonschema

    store = {}
    for path in schemas.glob("*.schema.json"):
        store[path.name] = read_json(path)
        jsonschema.Draft202012Validator.check_schema(store[path.name])

    def check(instance, name):
        schema = store[name + ".schema.json"]
        resolver = jsonschema.RefResolver.from_schema(schema, store=store)
        jsonschema.Draft202012Validator(schema, resolver=resolver).validate(instance)
        # a field that the schema does not have
        known = set(schema["properties"])
        assert set(instance) <= known, set(instance) - known

    def check_fails(instance, name):
        try:
            check(instance, name)
        except (jsonschema.ValidationError, AssertionError):
            return
        raise AssertionError(f"{name} accepts {instance}")

    for name in "list.json", "causes.json", "refused.json", "unasked.json":
        check(read_json(directory / name), "bdbtop.list")
    for name in "list.jsonl", "causes.jsonl", "watch.jsonl":
        lines = read_lines(directory / name)
        assert len(lines) > 1
        for line in lines:
            check(line, line["schema"])
    for name in "refused.json.err", "unasked.json.err", "usage.err":
        check(read_json(directory / name), "bdbtop.error")
    history = read_json(directory / "history.json")
    check(history, "bdbtop.history")
    fields = store["bdbtop.history.schema.json"]["properties"]["resets"]["items"]["properties"]
    for reset in history["resets"]:
        assert set(reset) == set(fields), set(reset) ^ set(fields)
    # the schemas refuse what is wrong
    good = read_json(directory / "list.json")
    for key in "complete", "clusters", "warnings":
        check_fails({k: v for k, v in good.items() if k != key}, "bdbtop.list")
    good["databases"][0]["backup"]["state"] = "broken"
    check_fails(good, "bdbtop.list")
    history["resets"][0]["outcome"] = "fine"
    check_fails(history, "bdbtop.history")


def flatten(database):
    """The cells of a database, as the headings of csv name them."""
    cells = {}
    for key, value in database.items():
        if isinstance(value, dict):
            cells.update({f"{key}_{inner}": one for inner, one in value.items()})
        else:
            cells[key] = value
    return {key: to_cell(value) for key, value in cells.items()}


def to_cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return " ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def unescape(cell):
    letters = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: letters[match.group(1)], cell)


def read_csv(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file, strict=True))


def read_tsv(path):
    lines = path.read_text(encoding="utf-8").split("\n")
    assert lines.pop() == ""
    rows = [[unescape(cell) for cell in line.split("\t")] for line in lines]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def same_but_for_time(one, other):
    """The polls are seconds apart."""
    return [key for key in one if one[key] != other[key] and not key.endswith("_seconds")]


def compare_separated(directory):
    expected = [flatten(database) for database in read_json(directory / "list.json")["databases"]]
    for rows in read_csv(directory / "list.csv"), read_tsv(directory / "list.tsv"):
        assert len(rows) == len(expected) == 4
        for row, cells in zip(rows, expected):
            assert list(row) == list(cells), (list(row), list(cells))
            assert not same_but_for_time(cells, row), (cells, row)
    names = {row["uid"]: row["name"] for row in read_csv(directory / "excel.csv")}
    assert names["1"] == "'=1+1", names
    resets = read_json(directory / "history.json")["resets"]
    for row, reset in zip(read_csv(directory / "history.csv"), resets, strict=True):
        assert row.pop("replies").startswith("200")
        assert row == {key: to_cell(reset[key]) for key in row}, (row, reset)


def compare_states(directory):
    metrics = (directory / "list.prom").read_text(encoding="utf-8")
    sample = re.compile(
        r'^bdbtop_database_state\{.*,db="(\d+)",operation="(\w+)",state="(\w+)"\} 1$')
    found = {}
    for uid, operation, state in (m.groups() for m in map(sample.match, metrics.split("\n")) if m):
        found.setdefault(int(uid), {}).setdefault(operation, []).append(state)
    assert len(found) == 4, found
    for database in read_json(directory / "list.json")["databases"]:
        states = found.pop(database["uid"])
        for operation, listed in states.items():
            assert database[operation]["state"] in listed, (database, listed)
        everything = {state for listed in states.values() for state in listed}
        everything = everything - {"ok", "idle"} or {database["state"]}
        assert everything == set(database["states"]), (everything, database["states"])
    assert not found, found


def main():
    what, *paths = sys.argv[1:]
    paths = [pathlib.Path(path) for path in paths]
    {"schema": validate, "separated": compare_separated, "states": compare_states}[what](*paths)


main()
