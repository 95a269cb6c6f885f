"""The data described for search engines and loaders: schema.org Dataset and MLCommons Croissant in one document."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from ninhthuan.catalogue import catalogue
from ninhthuan.reference import data_dir

from .citing import cite, package

# The context of the standard: a term that it does not name would be one of schema.org, and be overlooked.
CONTEXT = Path(__file__).with_name("croissant_context.json")
TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def dataset(url: str = "") -> dict:
    """What a search engine is told of the data: name, version, rights, time, place, what is measured.

    url: address of the folder that holds the data, with a slash at its end; addresses within it are relative without.
    """
    about, known = package(), catalogue()
    years = [edition.edition_year for edition in known.editions.values()]
    return {
        "@type": "Dataset",
        "name": about["name"],
        "alternateName": [about["title_en"], about["title"]],
        "description": f"{about['title_en']}. {about['description_en']}",
        "version": about["version"],
        "datePublished": about["created"][:10],
        "creator": [{"@type": "Organization", "name": author["title"]} for author in about["contributors"]],
        "license": url + "data/" + about["licenses"][0]["path"],
        "usageInfo": about["licenses"][0]["title_en"],
        "isAccessibleForFree": True,
        "inLanguage": ["vi", "en"],
        "temporalCoverage": f"{min(years)}/{max(years)}",
        "spatialCoverage": {"@type": "Country", "name": "Viet Nam"},
        "variableMeasured": [f"{index.name_en} ({index.abbreviation})" for index in known.indices.values()],
        **({"url": url} if url else {}),
    }


def croissant(url: str = "") -> dict:
    """Every file of the data with its hash, and every column with its type and meaning, by Croissant 1.1."""
    tables = package()["resources"]
    described = {"@context": json.loads(CONTEXT.read_text("utf-8"))} | dataset(url) | {"@type": "sc:Dataset"}
    described |= {"conformsTo": "http://mlcommons.org/croissant/1.1", "citeAs": cite().bibtex}
    described["distribution"] = [
        {
            "@type": "cr:FileObject",
            "@id": table["path"],
            "name": table["path"],
            "description": table["title_en"],
            "contentUrl": f"{url}data/{table['path']}",
            "contentSize": f"{table['bytes']} B",
            "encodingFormat": table["mediatype"],
            "sha256": table["hash"].removeprefix("sha256:"),
        }
        for table in tables
    ]
    described["recordSet"] = [
        {
            "@type": "cr:RecordSet",
            "@id": table["name"],
            "name": table["name"],
            "description": table["title_en"],
            "key": [{"@id": f"{table['name']}/{name}"} for name in table["schema"]["primaryKey"]],
            "field": [_field(table, field) for field in table["schema"]["fields"]],
        }
        for table in tables
    ]
    return described


def _field(table: dict, field: dict) -> dict:
    """A column; one that leads to one row of another table says to which: of several a loader would join all."""
    alone = {other["name"] for other in package()["resources"] if len(other["schema"]["primaryKey"]) == 1}
    keys = [key["reference"] for key in table["schema"].get("foreignKeys", ()) if key["fields"] == field["name"]]
    leads = [{"@id": f"{there['resource']}/{there['fields']}"} for there in keys if there["resource"] in alone]
    return {
        "@type": "cr:Field",
        "@id": f"{table['name']}/{field['name']}",
        "name": field["name"],
        "description": field["description_en"],
        "dataType": TYPES.get(field["type"], "sc:Text"),
        "source": {"fileObject": {"@id": table["path"]}, "extract": {"column": field["name"]}},
        **({"references": {"field": leads[0]}} if leads else {}),
    }


def write_description(folder: Path, url: str = "") -> int:
    """Write `croissant.json` and, under `data/`, the files that it describes; returns their number. Raises OSError."""
    shutil.copytree(data_dir(), folder / "data", dirs_exist_ok=True)
    text = json.dumps(croissant(url), ensure_ascii=False, indent=1, allow_nan=False)
    (folder / "croissant.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    return 2 + len(package()["resources"])
