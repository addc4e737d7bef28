"""Writes table.txt: a line for each emoji, the character and its short codes.

    npm pack emoji-toolkit@6.6.0 && npm pack emoji-toolkit@11.0.0     # unpack each into a folder
    python3 generate.py FOLDER_OF_6.6.0 FOLDER_OF_11.0.0

The codes are those of 6.6.0, since the published Agent knows these and answers :code: to newer ones. The
characters are those of 11.0.0, which has them fully qualified. CORRECTIONS are where the Agent
differs from both. (JoyPixels emoji-toolkit, data under the MIT license.)
"""

import json
import sys

CORRECTIONS = {
    "beetle": "1f41e", "zap": "26a1", "hand_splayed": "1f590", "raised_hand_with_fingers_splayed": "1f590",
    "detective": "1f575", "spy": "1f575", "sleuth_or_spy": "1f575",
    "person_lifting_weights": "1f3cb", "lifter": "1f3cb", "weight_lifter": "1f3cb",
    "person_golfing": "1f3cc", "golfer": "1f3cc",
    "person_bouncing_ball": "26f9", "basketball_player": "26f9", "person_with_ball": "26f9",
    "man_in_tuxedo": "1f935", "bride_with_veil": "1f470",
}
for tone in range(1, 6):
    CORRECTIONS[f"man_in_tuxedo_tone{tone}"] = f"1f935-1f3f{'bcdef'[tone - 1]}"
    CORRECTIONS[f"bride_with_veil_tone{tone}"] = f"1f470-1f3f{'bcdef'[tone - 1]}"


def codes(folder):
    for emoji in json.load(open(folder + "/emoji.json")).values():
        points = emoji["code_points"].get("fully_qualified") or emoji["code_points"]["base"]
        for name in [emoji["shortname"], *emoji["shortname_alternates"]]:
            yield name.strip(":"), points


known, characters = dict(codes(sys.argv[1])), dict(codes(sys.argv[2]))
table = {code: CORRECTIONS.get(code, characters.get(code, points)) for code, points in {**known, **CORRECTIONS}.items()}
lines = {}
for code, points in table.items():
    lines.setdefault("".join(chr(int(p, 16)) for p in points.split("-")), []).append(code)
with open("table.txt", "w") as out:
    for character, names in lines.items():
        out.write(character + " " + " ".join(names) + "\n")
