"""First names that are common in Sweden, written down by us: a help for the eye, neither complete nor a ranking."""

FIRST_NAMES = frozenset({
    "agneta", "ahmed", "albin", "alexander", "alexandra", "ali", "alice", "amanda", "amina", "anders", "andreas",
    "anette", "anita", "ann", "anna", "anneli", "annette", "annika", "astrid", "axel", "barbro", "bengt", "bertil",
    "birgitta", "björn", "bo", "britt", "camilla", "carina", "carl", "carolina", "caroline", "cecilia", "charlotte",
    "christer", "christian", "christina", "claes", "dan", "daniel", "david", "ebba", "elias", "elin", "elisabeth",
    "ellen", "emelie", "emil", "emma", "erik", "eva", "fatima", "felix", "filip", "fredrik", "frida", "gabriel",
    "gun", "gunilla", "gunnar", "gustaf", "gustav", "göran", "hanna", "hans", "hassan", "helen", "helena", "helene",
    "henrik", "hugo", "håkan", "ida", "inga", "inger", "ingrid", "isak", "jakob", "jan", "jenny", "jessica",
    "joakim", "johan", "johanna", "john", "jonas", "josefin", "julia", "kajsa", "karin", "karl", "katarina", "kent",
    "kerstin", "kjell", "klas", "kristian", "kristina", "kristoffer", "lars", "leif", "lena", "lennart", "liam",
    "linda", "linnéa", "linnea", "lisa", "lotta", "louise", "lucas", "ludvig", "lukas", "magnus", "maja", "malin",
    "marcus", "margareta", "maria", "marianne", "marie", "markus", "martin", "maryam", "mathias", "matilda", "mats",
    "mattias", "mikael", "mohamed", "mohammed", "monica", "monika", "nathalie", "nicklas", "niklas", "nils",
    "oliver", "olivia", "olof", "omar", "oscar", "oskar", "patrik", "per", "pernilla", "peter", "petra", "pia",
    "pontus", "rebecka", "rickard", "robert", "robin", "roger", "roland", "rolf", "sandra", "sara", "simon", "siv",
    "sofia", "sofie", "stefan", "stig", "susanne", "svante", "sven", "therese", "thomas", "tobias", "tom", "tomas",
    "tommy", "torbjörn", "ulf", "ulla", "ulrika", "veronica", "victor", "victoria", "viktor", "viktoria", "wilhelm",
    "william", "yvonne", "åke", "åsa", "örjan",
})  # fmt: skip
"""Some two hundred, in small letters."""

ALSO_WORDS = frozenset({
    "axel", "björn", "bo", "britt", "dan", "gun", "hans", "inga", "jan", "karl", "lena", "linda", "linnea", "lotta",
    "per", "robin", "stig", "sven", "tom", "åke",
})  # fmt: skip
"""Those that are words as well, such as "per", "hans" and "inga"."""
