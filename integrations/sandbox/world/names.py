"""Words of the Australian and US construction trade, from which bulk data is made."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = _words(
    """Abbott Alderson Amato Anand Armitage Ashdown Bakker Baldacci Barakat Barlow Bassett Beaumont
    Bellamy Bianchi Birch Blackwood Borg Bouras Brannigan Brennan Brodie Burgess Burrows Callahan
    Camilleri Carmody Caruso Cassar Chalmers Chandra Coates Colquhoun Conti Corrigan Costa Cullen
    Dalgleish Daly Davenport Delaney Demetriou Devlin Dimech Donnelly Doyle Drummond Duffy Easton
    Egan Ellery Esposito Fahey Farrugia Fenech Ferraro Finnegan Fitzgerald Flannery Forsyth
    Galea Gallagher Garside Georgiou Gilchrist Goddard Grech Greco Haddad Halloran Hargreaves
    Harrigan Hartigan Haskins Hennessy Hogan Holloway Ibrahim Ingram Jarvis Jovanovic Kaplan
    Kavanagh Keating Kelleher Kennerley Khoury Kowalski Lambros Lang Lawlor Leung Lockyer Lombardi
    Lowrey Mackay Maddison Mahoney Mancuso Mansour Marchetti McAllister McBride McCabe McGrath
    McIntyre McNamara Mifsud Milosevic Moretti Moffat Mulligan Nader Nankervis Naylor Nguyen Nolan
    Novak Oakley Oldfield Orlando Osborne Pace Papas Pascoe Pavlou Pellegrini Petrov Pham Pike
    Prentice Quigley Quinlan Radford Rafferty Ravenscroft Reardon Redmond Ricci Rizzo Romano
    Rosewarne Rossi Rutherford Saliba Salvatore Sandhu Sattler Schembri Sciberras Scully Shanahan
    Sheridan Simic Slattery Sorensen Spiteri Stavrou Stojanovic Strachan Sutcliffe Tancredi
    Tedesco Theodorou Thwaites Tierney Tomasello Tranter Tregear Underhill Vassallo Vella Venables
    Vickery Vukovic Wadsworth Wainwright Warburton Weatherall Whelan Wickham Willoughby Xuereb
    Yardley Yeo Zammit Zervos""",
)

BRANDS = _words(
    """Acacia Allied Anchor Apex Arrow Atlas Banksia Bedrock Benchmark Boomerang Capital Cardinal
    Centaur Citadel Coastline Cobalt Compass Condor Cornerstone Crescent Crown Dynamic Eastern
    Elevate Ember Endeavour Everest Falcon Federation Frontier Galaxy Gateway Granite Harbour
    Horizon Hunter Icon Ironbark Jacaranda Keystone Kingfisher Landmark Liberty Lighthouse Magnum
    Matrix Meridian Metro Milestone Monarch Northshore Oceanic Orion Pacific Paramount Pegasus
    Phoenix Pinnacle Pioneer Platinum Precision Premier Prestige Quantum Redgum Regal Rockwell
    Sapphire Sentinel Southern Spectrum Stirling Summit Sterling Swift Tasman Titan Trident
    Triton Unity Vanguard Vector Vertex Waratah Westside Wombat Zenith""",
)

TRADES = (
    "Plumbing",
    "Electrical",
    "Carpentry",
    "Concreting",
    "Formwork",
    "Scaffolding",
    "Roofing",
    "Tiling",
    "Painting",
    "Plastering",
    "Bricklaying",
    "Earthmoving",
    "Demolition",
    "Excavations",
    "Waterproofing",
    "Landscaping",
    "Glazing",
    "Joinery",
    "Steel Fabrication",
    "Air Conditioning",
    "Fire Protection",
    "Civil Contractors",
    "Crane Hire",
    "Rigging",
    "Surveying",
    "Traffic Control",
    "Asbestos Removal",
    "Insulation",
    "Flooring",
    "Partitions and Ceilings",
    "Drainage",
    "Fencing",
    "Piling",
    "Precast",
    "Reinforcing",
    "Stonemasonry",
    "Waste Management",
    "Paving",
    "Data and Communications",
    "Mechanical Services",
    "Building Supplies",
    "Engineering Consultants",
)

# Suburb or town, state, postcode, telephone area code.
PLACES = (
    ("Marrickville", "NSW", "2204", "02"),
    ("Penrith", "NSW", "2750", "02"),
    ("Wollongong", "NSW", "2500", "02"),
    ("Newcastle", "NSW", "2300", "02"),
    ("Dubbo", "NSW", "2830", "02"),
    ("Gosford", "NSW", "2250", "02"),
    ("Silverwater", "NSW", "2128", "02"),
    ("Dandenong", "VIC", "3175", "03"),
    ("Geelong", "VIC", "3220", "03"),
    ("Ballarat", "VIC", "3350", "03"),
    ("Moorabbin", "VIC", "3189", "03"),
    ("Sunshine", "VIC", "3020", "03"),
    ("Toowoomba", "QLD", "4350", "07"),
    ("Cairns", "QLD", "4870", "07"),
    ("Townsville", "QLD", "4810", "07"),
    ("Rocklea", "QLD", "4106", "07"),
    ("Southport", "QLD", "4215", "07"),
    ("Osborne Park", "WA", "6017", "08"),
    ("Fremantle", "WA", "6160", "08"),
    ("Bunbury", "WA", "6230", "08"),
    ("Wingfield", "SA", "5013", "08"),
    ("Mount Gambier", "SA", "5290", "08"),
    ("Winnellie", "NT", "0820", "08"),
    ("Berrimah", "NT", "0828", "08"),
    ("Moonah", "TAS", "7009", "03"),
    ("Launceston", "TAS", "7250", "03"),
    ("Fyshwick", "ACT", "2609", "02"),
)

STREETS = tuple(
    """Foundry|Railway|Victoria|Station|Industrial|Parramatta|Queen|King|Albert|Enterprise|
    Commerce|Princes|Pacific|Church|Mill|Quarry|Bridge|Factory|Sydney|Beaconsfield|Lakemba|
    Chapel|Wharf|Bourke|Harbour|Boundary|Kingsway|Gibson|Cooper|Carrington""".replace(
        "\n    ", ""
    ).split("|"),
)

STREET_KINDS = ("Road", "Street", "Avenue", "Lane", "Drive", "Parade", "Way", "Crescent")

GIVEN_NAMES = _words(
    """Adam Alice Amir Andrea Ben Bridget Callum Carla Daniel Deepa Ella Elias Fiona Frank Grace
    George Hannah Hugo Imogen Ivan Jack Jess Karl Kate Liam Lucia Mark Maya Nathan Nina Oscar
    Olivia Paul Priya Quinn Rachel Ravi Sam Sofia Theo Tess Umar Vera Wade Yasmin Zoe""",
)

CLIENT_KINDS = (
    "Developments",
    "Property Group",
    "Projects",
    "Strata Plan",
    "Primary School",
    "Body Corporate",
    "Holdings",
    "Hotels",
    "Medical Centre",
    "Aged Care",
    "Shire Council",
    "Retail Trust",
    "Investments",
    "Homes",
)

JOB_KINDS = (
    "Fitout",
    "Stage 1",
    "Stage 2",
    "Remedial Works",
    "Car Park",
    "Façade Repairs",
    "Extension",
    "Roof Replacement",
    "Make Good",
    "Lift Upgrade",
    "Warehouse",
    "Amenities",
)

# Division number, name, and the work in it.
DIVISIONS = (
    ("01", "General Requirements", "Site Management|Project Supervision|Site Establishment|Temporary Fencing|Temporary Power|Temporary Water|Site Sheds|Scaffolding|Crane Hire|Hoists|Site Security|Traffic Management|Cleaning|Waste Removal|Surveying and Setout|Permits and Fees|Insurances|Safety Equipment"),  # noqa: E501
    ("02", "Existing Conditions", "Demolition|Asbestos Removal|Site Clearing|Tree Removal|Soft Strip|Service Location|Contaminated Soil|Underpinning|Dilapidation Reports|Shoring|Dewatering|Salvage"),  # noqa: E501
    ("03", "Concrete", "Forms and Accessories|Reinforcement|Cast-in-Place Concrete|Precast Panels|Post Tensioning|Concrete Pumping|Slab on Ground|Suspended Slabs|Columns|Stairs|Polished Concrete|Grouting|Concrete Repairs|Screeds"),  # noqa: E501
    ("04", "Masonry", "Face Brickwork|Blockwork|Stone Veneer|Core Filling|Lintels|Ties and Accessories|Brick Cleaning|Retaining Walls|Glass Blocks|Masonry Restoration|Hebel Panels|Pointing"),  # noqa: E501
    ("05", "Metals", "Structural Steel|Metal Decking|Cold Formed Framing|Metal Stairs|Handrails and Balustrades|Gratings|Bollards|Miscellaneous Metalwork|Expansion Control|Galvanising|Site Welding|Steel Erection"),  # noqa: E501
    ("06", "Wood and Plastics", "Rough Carpentry|Roof Trusses|Wall Frames|Finish Carpentry|Architectural Joinery|Decking and Pergolas|Timber Cladding|Laminated Beams|Skirtings and Architraves|Benchtops|Formply|Timber Stairs"),  # noqa: E501
    ("07", "Thermal and Moisture Protection", "Waterproofing|Bulk Insulation|Metal Roofing|Roof Tiles|Membrane Roofing|Flashings|Gutters and Downpipes|Fire Stopping|Joint Sealants|Skylights|Roof Safety Systems|Wall Cladding"),  # noqa: E501
    ("08", "Openings", "Timber Doors|Fire Doors|Aluminium Windows|Curtain Wall|Shopfronts|Roller Shutters|Automatic Doors|Door Hardware|Glazing|Mirrors|Louvres|Security Screens"),  # noqa: E501
    ("09", "Finishes", "Plasterboard Linings|Suspended Ceilings|Wall Tiling|Floor Tiling|Carpet|Vinyl Flooring|Timber Flooring|Epoxy Coatings|Interior Painting|Exterior Painting|Acoustic Panels|Rendering"),  # noqa: E501
    ("10", "Specialties", "Toilet Partitions|Bathroom Accessories|Signage|Lockers|Fire Extinguishers|Wall Protection|Whiteboards|Letterboxes|Operable Walls|Flagpoles|Shelving|Sunshades"),  # noqa: E501
    ("11", "Equipment", "Kitchen Appliances|Commercial Kitchen|Laundry Equipment|Loading Dock Equipment|Library Equipment|Laboratory Equipment|Medical Equipment|Gym Equipment|Waste Compactors|Cool Rooms|Projection Screens|Vehicle Lifts"),  # noqa: E501
    ("12", "Furnishings", "Loose Furniture|Blinds|Curtains|Workstations|Seating|Planter Boxes|Entrance Mats|Artwork|Cabinets|Bedroom Furniture|Street Furniture|Reception Desks"),  # noqa: E501
    ("13", "Special Construction", "Swimming Pools|Modular Bathrooms|Cleanrooms|Greenhouses|Shade Structures|Saunas|Sound Booths|Grandstands|Kiosks|Aquariums|Radiation Shielding|Demountables"),  # noqa: E501
    ("14", "Conveying Equipment", "Passenger Lifts|Goods Lifts|Escalators|Dumbwaiters|Stair Lifts|Moving Walks|Builders Hoist|Lift Shaft Works|Car Stackers|Conveyors|Platform Lifts|Gondolas"),  # noqa: E501
    ("21", "Fire Suppression", "Wet Sprinklers|Dry Sprinklers|Hydrants|Hose Reels|Fire Pumps|Fire Tanks|Gas Suppression|Sprinkler Heads|Fire Mains|Testing of Sprinklers|Booster Assembly|Foam Systems"),  # noqa: E501
    ("22", "Plumbing", "Sanitary Drainage|Water Supply|Hot Water Units|Sanitary Fixtures|Tapware|Gas Supply|Stormwater in Building|Roof Plumbing|Trade Waste|Backflow Prevention|Pumps|Rainwater Tanks"),  # noqa: E501
    ("23", "HVAC", "Ductwork|Split Systems|Chillers|Cooling Towers|Air Handling Units|Exhaust Fans|Controls and BMS|Mechanical Pipework|Grilles and Diffusers|Commissioning|Car Park Ventilation|Smoke Control"),  # noqa: E501
    ("26", "Electrical", "Main Switchboard|Distribution Boards|Lighting|Power Outlets|Cable Tray|Submains|Emergency Lighting|Generators|Solar Panels|Lightning Protection|Metering|Electric Vehicle Charging"),  # noqa: E501
    ("27", "Communications", "Data Cabling|Telephone Systems|Audio Visual|Intercom|Public Address|Racks and Patch Panels|Fibre Backbone|Wireless Access|Nurse Call|Television Outlets|Digital Signage|Hearing Loops"),  # noqa: E501
    ("28", "Electronic Safety", "Fire Detection|Access Control|Closed Circuit Television|Intruder Alarm|Evacuation System|Gate Automation|Duress Alarms|Perimeter Detection|Key Management|Number Plate Readers|Gas Detection|Beam Detectors"),  # noqa: E501
    ("31", "Earthwork", "Bulk Excavation|Detailed Excavation|Rock Breaking|Filling and Compaction|Footings Excavation|Erosion Control|Piling|Soil Stabilisation|Topsoil|Geotechnical Testing|Trenching|Spoil Disposal"),  # noqa: E501
    ("32", "Exterior Improvements", "Asphalt Paving|Concrete Paving|Kerb and Channel|Line Marking|Permanent Fencing|Gates|Planting|Turf|Irrigation|Unit Paving|Playgrounds|Wheel Stops"),  # noqa: E501
    ("33", "Utilities", "Stormwater Drainage|Sewer Connection|Water Main|Gas Main|Electrical Conduits|Pits and Lids|On-site Detention|Pump Stations|Communications Conduits|Authority Charges|Substation|Culverts"),  # noqa: E501
    ("34", "Transportation", "Road Pavement|Guard Rails|Bridge Bearings|Rail Track|Traffic Signals|Noise Walls|Bus Shelters|Road Signs|Street Lighting|Roundabouts|Cycleways|Tunnel Lining"),  # noqa: E501
)  # fmt: skip

# How one kind of work is split into codes; the first stands for the work as a whole.
SHARES = ("", "Labour", "Materials", "Subcontract", "Plant Hire", "Freight", "Design", "Testing")
