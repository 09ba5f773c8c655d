"""Invented names and sentences. Synthetic patterns: no name here is taken from a real organisation or person."""

from random import Random

# What a name is made of: kinds of name by sector, and proper words that are wishes, flowers and colours.
COOPERATIVE_PATTERNS = {
    "crop": (
        "HTX Nông nghiệp {P}",
        "HTX Nông nghiệp hữu cơ {P}",
        "HTX {C} {P}",
        "HTX Cây ăn trái {P}",
        "HTX Điều hữu cơ {P}",
        "HTX Nấm sạch {P}",
        "HTX Dược liệu {P}",
        "HTX Nông nghiệp công nghệ cao {P}",
    ),
    "livestock": ("HTX Chăn nuôi {P}", "HTX Chăn nuôi {X} {P}", "HTX {X} {P}"),
    "forestry": ("HTX Lâm nghiệp {P}", "HTX Trồng rừng {P}"),
    "aquaculture": ("HTX Thủy sản {P}", "HTX Nuôi cá {P}"),
    "agri_services": (
        "HTX Nông nghiệp Dịch vụ {P}",
        "HTX Nông nghiệp - Dịch vụ {P}",
        "HTX Nông nghiệp Thương mại Dịch vụ {P}",
        "HTX Dịch vụ Nông nghiệp Tổng hợp {P}",
    ),
    "transport": ("HTX Vận tải {P}", "HTX Dịch vụ Vận tải {P}"),
    "trade_services": ("HTX SX-TM-DV {P}", "HTX Thương mại Dịch vụ {P}"),
    "construction": ("HTX Xây dựng {P}",),
    "handicraft": ("HTX Đan lát - Thủ công mỹ nghệ {P}", "HTX Dệt thổ cẩm {P}"),
    "processing": ("HTX Chế biến nông sản {P}", "HTX Chế biến hạt điều {P}"),
    "environment": ("HTX Môi trường {P}",),
    "tourism": ("HTX Du lịch cộng đồng {P}",),
    "care_education": ("HTX Chăm sóc gia đình {P}", "HTX Giữ trẻ {P}"),
    "general": ("HTX Kinh doanh tổng hợp {P}",),
    "credit": ("Quỹ tín dụng nhân dân {P}",),
}
WOMEN_PATTERNS = ("HTX Phụ nữ {P}", "HTX Sản xuất Thương mại Dịch vụ Nữ {P}")
UNION_PATTERNS = ("Liên hiệp HTX {C} {P}",)
GROUP_PATTERNS = {
    "crop": ("THT trồng {C} {A}", "THT liên kết trồng {C} sạch {A}", "Tổ hợp tác phụ nữ trồng {C} {A}"),
    "livestock": ("THT Phụ nữ chăn nuôi {X} {A}", "THT chăn nuôi {X} {A}", "Tổ hợp tác nuôi {X} {A}"),
    "handicraft": ("Tổ hợp tác đan lát phụ nữ {A}", "THT dệt thổ cẩm {A}"),
    "care_education": ("THT giữ trẻ {A}",),
    "tourism": ("THT du lịch vườn {A}",),
}
PROPER = (
    "Đại Thành", "Thành Công", "Hòa Bình", "Đoàn Kết", "Quyết Thắng", "Phú Cường", "Thịnh Phát", "Sao Mai", "Hoa Sen",
    "Hướng Dương", "Ánh Dương", "Đất Đỏ", "Xanh", "Tâm An", "Bảo Ngọc", "Hạnh Phúc", "Sao Khuê", "Mùa Vàng",
    "Nắng Mới", "Sen Hồng", "Hoa Mai", "Đồng Xanh", "Tình Quê", "Hương Rừng", "Bốn Mùa", "Lộc Xuân", "Chung Sức",
    "Gió Lành", "Suối Trong", "Đồi Thông",
)  # fmt: skip
CROPS = (
    "điều", "hồ tiêu", "cao su", "sầu riêng", "bưởi da xanh", "cà phê", "ca cao", "nấm", "rau sạch", "mít ruột đỏ",
    "bơ sáp", "nhãn xuồng", "chuối", "quýt", "dưa lưới", "dược liệu", "nghệ",
)  # fmt: skip
ANIMALS = ("heo", "gà", "dê", "bò", "dế", "ong mật", "chim yến", "cá", "vịt")
PLACES = (
    "ấp 1", "ấp 2", "ấp 3", "ấp 4", "ấp 5", "ấp 6", "thôn 1", "thôn 2", "thôn 3", "thôn 4", "thôn 5", "thôn 7",
    "khu phố 1", "khu phố 2", "khu phố 3", "ấp Suối Mới", "ấp Đồi Cao", "ấp Cây Da", "thôn Sơn Trung", "tổ 9",
)  # fmt: skip
GROUP_SECTORS = {"crop": 0.58, "livestock": 0.28, "handicraft": 0.08, "care_education": 0.03, "tourism": 0.03}

COURSE_NAMES = {
    "governance": "Bồi dưỡng quản trị, điều hành HTX",
    "law": "Phổ biến Luật Hợp tác xã",
    "vocational": "Kỹ thuật trồng và chăm sóc cây điều",
    "vocational_nonfarm": "Nghề đan lát, thêu ren",
    "technology_transfer": "Chuyển giao kỹ thuật canh tác hữu cơ",
    "ecommerce": "Bán hàng trên sàn thương mại điện tử",
    "digital_skills": "Kỹ năng số căn bản cho thành viên",
    "mobilisation": "Kỹ năng tuyên truyền, vận động phụ nữ tham gia HTX",
    "collective_economy": "Tập huấn kinh tế tập thể cho cán bộ Hội",
    "study_tour": "Tham quan mô hình HTX tiêu biểu",
    "startup": "Khởi sự kinh doanh cho phụ nữ",
}
ACTION_RESULTS = (
    "Hoàn thiện điều lệ và phương án sản xuất kinh doanh",
    "Kiện toàn bộ máy quản lý",
    "Ký được hợp đồng tiêu thụ",
    "Bổ sung thành viên mới",
    "Hoàn thành hồ sơ theo quy định",
)
NARRATIVE = {
    "leadership": "{unit} đã ban hành kế hoạch năm {year}, phân công bộ phận theo dõi và họp giao ban {n} lần.",
    "results": "Trong năm {year}, {unit} hỗ trợ {n} lượt HTX, THT; đời sống thành viên từng bước ổn định.",
    "shortcomings": "Còn {n} đơn vị kinh tế tập thể gặp khó khăn về vốn và thị trường tiêu thụ.",
    "causes": "Quy mô nhỏ, giá nông sản biến động; mới có {n} đơn vị liên kết với doanh nghiệp.",
    "lessons": "Bám sát cơ sở, giao chỉ tiêu cụ thể; duy trì {n} đợt kiểm tra trong năm.",
    "next_year": "Năm {next_year}, phấn đấu hỗ trợ thêm {n} HTX, THT do phụ nữ tham gia quản lý.",
    "proposals": "Đề nghị bố trí thêm kinh phí cho {n} mô hình điểm và mở lớp thương mại điện tử.",
}


def draw_cooperative_name(rng: Random, sector: str, kind: str, taken: set[str], for_women: bool = False) -> str:
    """A name that nobody in `taken` bears, capitals aside; adds it to `taken`."""
    patterns = UNION_PATTERNS if kind == "union" else COOPERATIVE_PATTERNS[sector]
    if for_women and kind == "cooperative" and rng.random() < 0.3:
        patterns = WOMEN_PATTERNS
    return _drawn(rng, patterns, taken)


def draw_group_name(rng: Random, sector: str, taken: set[str], keep: bool) -> str:
    """A group's name that is not in `taken`; added to it only when `keep` says so (groups that report)."""
    return _drawn(rng, GROUP_PATTERNS[sector], taken, keep)


def _drawn(rng: Random, patterns: tuple[str, ...], taken: set[str], keep: bool = True) -> str:
    for _ in range(1000):
        name = rng.choice(patterns).format(
            P=rng.choice(PROPER), C=rng.choice(CROPS), X=rng.choice(ANIMALS), A=rng.choice(PLACES)
        )
        if rng.random() < 0.35 and not name.endswith(PLACES):
            name = f"{name} {rng.choice(('1', '2', '3', 'Mới', 'Phương Nam', 'Miền Đông'))}"
        if name.lower() not in taken:
            if keep:
                taken.add(name.lower())
            return name
    raise ValueError(f"no free name left for {patterns[0]}")
