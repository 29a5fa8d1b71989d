"""Words for made-up firms. Nothing here is a real firm; surnames and suburbs are common ones."""

SURNAMES = """Abbott Adler Ahmed Alder Allen Anderson Archer Arnott Bailey Baker Barlow Barton Beckett
Bennett Berry Bishop Blake Booth Bowen Bradley Brennan Briggs Brown Burke Burton Byrne Callaghan
Campbell Carroll Carter Casey Chandler Chapman Chen Clarke Cohen Coleman Collins Connolly Cooper
Costa Cullen Cunningham Dalton Davies Dawson Delaney Dempsey Dixon Dobson Donovan Doyle Duffy Dunn
Edwards Elliott Ellis Evans Falcone Farrell Ferguson Fischer Fitzgerald Fleming Foley Foster Fraser
Gallagher Garcia Gardner Gibson Gill Gordon Graham Grant Greco Griffin Hall Hamilton Hansen Harding
Harper Harris Hartley Harvey Hayes Healy Henderson Hogan Holland Holmes Howard Hughes Hunt Hussain
Ingram Jackson Jansen Jenkins Johnston Jovanovic Kane Kaur Kavanagh Keane Kelly Kemp Kennedy Khan Kim
King Knight Kowalski Lambert Larsen Lawson Leahy Lee Lennox Leung Lewis Lindqvist Logan Lowe Lynch
MacDonald Mahoney Malone Manning Marino Marsh Martin Mason Maxwell McBride McCarthy McGrath McKenna
McLean Mehta Mercer Meyer Miller Mitchell Molloy Morgan Morris Murphy Murray Nash Nelson Newman
Nguyen Nolan Norris Novak OBrien OConnor ODonnell Olsen Osborne Owens Page Palmer Papadopoulos Parker
Patel Patterson Pearce Perry Peters Petrov Phillips Popovic Porter Powell Preston Price Quinn Ramsay
Reed Reid Reilly Reynolds Rhodes Ricci Richards Riley Roberts Robinson Rogers Romano Rossi Rowe Russo
Ryan Sanders Santos Saunders Schmidt Schultz Scott Sharma Shaw Shepherd Silva Simmons Simpson Singh
Slater Sloan Smith Spencer Stanton Stephens Stewart Stone Sullivan Sutton Tan Taylor Thomas Thompson
Thornton Tierney Todd Tran Tucker Turner Tyler Vance Vaughan Vella Wade Walker Wallace Walsh Walters
Ward Watson Webb Wells West White Whitfield Wilkins Williams Wilson Wong Wood Wright Yates Young Zhang
""".split()

BRANDS = """Acorn Admiral Aero Agile Alba Alliance Allied Alpha Alpine Altitude Amber Anchor Anvil Apex
Aqua Arbor Arc Ardent Argon Ascent Ashgrove Aspect Atlas Aurora Avalon Axis Azure Banksia Barrier
Basalt Bayside Beacon Bedrock Benchmark Birch Blackwood Bluegum Bluestone Bolt Boulder Bridgeway
Brightside Bronze Buildwell Cadence Capstone Cardinal Cascade Castle Catalyst Cedar Centaur Century
Chisel Citadel Citywide Cobalt Coastal Compass Condor Coral Cornerstone Crest Crown Crystal Cypress
Delta Diamond Dingo Dolphin Dragon Eagle Echo Eclipse Edge Element Elm Ember Emerald Endeavour Epic
Equinox Everest Excel Falcon Ferro Firefly Firstline Flagship Focal Forge Fortis Foundry Fox Frontier
Galaxy Gateway Gemini Genesis Glacier Goldfield Granite Grevillea Grid Guardian Gumtree Hallmark
Harbour Haven Hawk Heritage Highland Horizon Hydra Icon Impact Imperial Indigo Infinity Inland Inspire
Iris Ironbark Ivory Jacaranda Jade Javelin Jetty Jindalee Jupiter Karri Keystone Kingfisher Kodiak
Koala Lantern Legacy Liberty Lighthouse Lion Lotus Lumina Lynx Magnolia Magnum Majestic Maple Marble
Mariner Matrix Maverick Meridian Metro Midland Milestone Millstone Mirage Monarch Monument Mosaic
Mountain Mustang Nautilus Nebula Neptune Nexus Nimbus Noble Northgate Nova Oak Oasis Obsidian Ocean
Olympus Onyx Opal Optimum Orbit Orchid Origin Orion Osprey Outback Pacific Paladin Panorama Paragon
Pathfinder Pegasus Pelican Peninsula Phoenix Pilbara Pinnacle Pioneer Platinum Plumbline Polaris
Precision Premier Prestige Primal Prism Proline Quantum Quarry Quartz Quest Radiant Rampart Rapid
Raven Redgum Redrock Reef Regal Reliance Ridgeline Riverstone Rock Rosewood Royal Sabre Sahara Sapphire
Saturn Scarlet Sentinel Shamrock Signature Silverton Skyline Solid Sovereign Spartan Spectrum Spinifex
Sterling Stonewall Stratus Summit Sunrise Swift Tasman Tempest Terra Thunder Tidal Titan Topaz Torrent
Tower Trident Trinity Triumph Turbo Unison Universal Urban Valiant Vanguard Vector Velocity Venture
Vertex Victory Viking Vista Vortex Vulcan Waratah Warrior Wattle Waverley Westgate Wildfire Windsor
Wombat Xenon Yarra Zenith Zephyr Zircon""".split()

TRADES = {
    "Construction": ("Const", "Constr", "Constructions"), "Constructions": ("Construction", "Const"),
    "Electrical": ("Elec", "Electric"), "Plumbing": ("Plumb", "Plbg"), "Mechanical": ("Mech",),
    "Concrete": ("Conc",), "Concreting": (), "Formwork": (), "Scaffolding": ("Scaff",), "Roofing": (),
    "Painting": ("Paint",), "Tiling": (), "Carpentry": ("Carp",), "Joinery": (), "Plastering": (),
    "Glazing": (), "Glass": (), "Fencing": (), "Landscaping": ("Landscapes",), "Excavations": ("Excav",),
    "Earthmoving": (), "Demolition": ("Demo",), "Civil": (), "Engineering": ("Eng",), "Steel": (),
    "Fabrication": ("Fab",), "Welding": (), "Rigging": (), "Cranes": (), "Plant Hire": (), "Paving": (),
    "Asphalt": (), "Surveying": (), "Fire Protection": ("Fire",), "Security": (), "Air Conditioning":
    ("Aircon",), "Refrigeration": (), "Insulation": (), "Waterproofing": (), "Flooring": (), "Signs": (),
    "Building": ("Bldg",), "Builders": (), "Homes": (), "Developments": ("Dev",), "Projects": (),
    "Interiors": (), "Kitchens": (), "Drainage": (), "Traffic Control": (), "Waste": (), "Cleaning": (),
    "Maintenance": ("Maint",), "Consulting": (), "Design": (), "Architects": (), "Contracting": ("Contr",),
    "Heating": ("Htg",), "Ceilings": (), "Bricklaying": (), "Stone": (), "Pools": (), "Solar": (),
}  # fmt: skip

TAILS = {
    "Services": ("Svcs", "Serv", "Service"), "Group": ("Grp",), "Solutions": (), "Australia": ("Aust",),
    "Contractors": ("Contr",), "Systems": ("Sys",), "Company": ("Co",), "Associates": ("Assoc",),
    "Brothers": ("Bros",), "& Sons": (), "Enterprises": ("Ent",), "Industries": ("Ind",),
}  # fmt: skip

SISTERS = (
    "Holdings",
    "Hire",
    "Property",
    "Developments",
    "Investments",
    "Civil",
    "Rentals",
    "Finance",
)

PLACES = (
    ("Alexandria", "NSW", "2015"), ("Blacktown", "NSW", "2148"), ("Penrith", "NSW", "2750"),
    ("Wollongong", "NSW", "2500"), ("Newcastle", "NSW", "2300"), ("Gosford", "NSW", "2250"),
    ("Liverpool", "NSW", "2170"), ("Dubbo", "NSW", "2830"), ("Richmond", "VIC", "3121"),
    ("Dandenong", "VIC", "3175"), ("Geelong", "VIC", "3220"), ("Ballarat", "VIC", "3350"),
    ("Footscray", "VIC", "3011"), ("Bendigo", "VIC", "3550"), ("Clayton", "VIC", "3168"),
    ("Milton", "QLD", "4064"), ("Cairns", "QLD", "4870"), ("Yatala", "QLD", "4207"),
    ("Toowoomba", "QLD", "4350"), ("Mackay", "QLD", "4740"), ("Ipswich", "QLD", "4305"),
    ("Southport", "QLD", "4215"), ("Welshpool", "WA", "6106"), ("Fremantle", "WA", "6160"),
    ("Bunbury", "WA", "6230"), ("Osborne Park", "WA", "6017"), ("Wingfield", "SA", "5013"),
    ("Norwood", "SA", "5067"), ("Mount Barker", "SA", "5251"), ("Hobart", "TAS", "7000"),
    ("Launceston", "TAS", "7250"), ("Fyshwick", "ACT", "2609"), ("Winnellie", "NT", "0820"),
)  # fmt: skip
AREA = {"NSW": "2", "ACT": "2", "VIC": "3", "TAS": "3", "QLD": "7", "SA": "8", "WA": "8", "NT": "8"}
STREETS = """Station Church Victoria Albert King Queen George Elizabeth William High Park Bridge Railway
Industrial Enterprise Commercial Harris Kent Wattle Banksia Pacific Hume Logan Marion Boundary Canterbury
Ferndell Barrier Botany Smith Short Princes Stirling Market Hunter Macquarie Wharf Mill Quarry Foundry
Orchard Rosella Grevillea Lakeside Summit Harbour Collins Bourke Flinders Murray Barrack Adelaide Ann
Edward Charlotte Margaret Mary Creek Eagle""".split()
STREET_TYPES = (
    ("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Drive", "Dr"), ("Lane", "Ln"),
    ("Court", "Ct"), ("Parade", "Pde"), ("Crescent", "Cres"), ("Place", "Pl"), ("Highway", "Hwy"),
)  # fmt: skip
WEBMAIL = (
    "gmail.com",
    "bigpond.com",
    "outlook.com",
    "hotmail.com",
    "optusnet.com.au",
    "icloud.com",
)
MAILBOXES = (
    "info",
    "accounts",
    "office",
    "sales",
    "admin",
    "estimating",
    "dave",
    "sarah",
    "tony",
    "emma",
)

AGENCIES = """Bright Futures|Little Steps|Harbour Family Services|Northside Community Centre|Sunrise
Early Learning|Redfern Neighbourhood House|Kinderland|Tiny Tots|Rainbow Kids|Family First Network|Green
Valley Mission|St Brigid Welfare|City Youth Trust|Lakeside Settlement|Westside Parents League|Hopewell
Society|Stepping Stones|Growing Minds|Open Door Centre|Cottage Kindergarten|Sacred Heart|Trinity Care|New
Beginnings|Early Explorers|Playmates|Busy Bees|Precious Moments|Children First Alliance|Union Gospel
Outreach|Childhood Matters""".replace("\n", " ").split("|")
SITE_KINDS = (
    "Child Care", "Day Care", "Early Learning Centre", "Preschool", "Kindergarten", "Head Start",
    "Child Development Centre", "Academy", "Learning Centre", "Nursery", "Family Centre",
)  # fmt: skip
