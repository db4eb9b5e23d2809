"""Phones, SIM cards, network cards, computers on a network, cars."""

from guardrails import checksums
from guardrails.recognisers.rule import GAP, Rule, digits

_HEX = r"[0-9a-f]{2}"
RULES = (
    Rule("IMEI", "IMEI", digits(15, 16), 0.0, r"imei(?:sv)?(?: ?(?:no|num|number))?|imei_?\w*|handset|device id|\*#06#", checksums.luhn,
         check_needs_context=True),
    Rule("ICCID", "ICCID", rf"8{GAP}9(?:{GAP}\d){{16,18}}{GAP}F?", 0.35, r"iccid|sim(?: ?card)?(?: ?(?:no|num|number|serial))?|e-?sim|icc|sim_?\w*",
         checksums.luhn),
    Rule("IMSI", "IMSI", digits(14, 15), 0.0, r"imsi(?: ?(?:no|num|number))?|imsi_?\w*|subscriber id(?:entity)?"),
    Rule("MAC_ADDRESS", "MAC address", rf"{_HEX}([:\-. _])(?:{_HEX}\1){{4}}{_HEX}|(?:[0-9a-f]{{4}}\.){{2}}[0-9a-f]{{4}}", 0.8),
    Rule("MAC_ADDRESS", "MAC address without marks", r"[0-9a-f]{12}", 0.0, r"mac(?: ?addr\w*)?|mac_?\w*|hwaddr|ether|bssid|wifi address"),
    Rule("IP_ADDRESS", "IPv4", r"(?<![.\d])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?!\.?\d)(?:/\d\d?)?", 0.5,
         r"ip|ip ?addr\w*|client_?ip|host|server|login|logged in|from|address|remote_?addr|src|dst|ping|router|gateway"),
    Rule("IP_ADDRESS", "IPv4 with other dots", r"(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?: dot |\[\.\]|\(\.\)|[ ]?[_\-][ ]?|,\s?)){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)", 0.0,
         r"ip|ip ?addr\w*|client_?ip"),
    Rule("IP_ADDRESS", "IPv6", r"(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}|(?:[0-9a-f]{1,4}:){1,7}:(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,6})?", 0.75),
    Rule("VIN", "VIN", rf"[A-HJ-NPR-Z0-9](?:{GAP}[A-HJ-NPR-Z0-9]){{15}}{GAP}[0-9X-Z0-9]", 0.0,
         r"vin(?: ?(?:no|num|number))?|chassis(?: ?(?:no|num|number))?|vehicle identification(?: number)?|frame number|fin|fahrgestell\w*|vin_?\w*",
         checksums.vin),
    Rule("LICENSE_PLATE", "UK plate", r"[A-Z]{2}\d\d[ \-]?[A-Z]{3}", 0.55, r"reg(?:istration)?(?: ?(?:no|num|number|plate|mark))?|plate|number plate|vrm|car|vehicle|van"),
    Rule("LICENSE_PLATE", "plate by its name", r"(?=[A-Z0-9ÄÖÜ \-·.]*\d)(?=[A-Z0-9ÄÖÜ \-·.]*[A-ZÄÖÜ])[A-ZÄÖÜ0-9]{1,4}(?:[ \-·.]{0,2}[A-ZÄÖÜ0-9]{1,4}){1,3}", 0.0,
         r"(?:licen[cs]e |number |registration )?plates?(?: ?(?:no|num|number|reads|is|was))*|reg(?:istration)?(?: ?(?:no|num|number|mark))?|vrm|"
         r"kennzeichen|immatriculation|matr[ií]cula|targa|plate_?\w*|tag"),
)  # fmt: skip
