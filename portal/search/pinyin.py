"""Chinese names in Latin letters: how they sound, and how people type that."""

from functools import lru_cache

from portal.search.readings import readings_of

WINDOW = 4  # syllables that are indexed as one word; what is longer is looked for in pieces
LONGEST_NAME = 12  # characters whose initials somebody types

_ALL = """
    a ai an ang ao ba bai ban bang bao bei ben beng bi bian biao bie bin bing bo bu ca cai can cang cao ce cen ceng
    cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo ci cong cou cu
    cuan cui cun cuo da dai dan dang dao de dei den deng di dian diao die ding diu dong dou du duan dui dun duo e ei
    en eng er fa fan fang fei fen feng fo fou fu ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang
    gui gun guo ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo ji jia jian jiang
    jiao jie jin jing jiong jiu ju juan jue jun ka kai kan kang kao ke ken keng kong kou ku kua kuai kuan kuang kui
    kun kuo la lai lan lang lao le lei leng li lia lian liang liao lie lin ling liu lo long lou lu luan lun luo lv
    lve ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu na nai nan nang nao ne nei nen
    neng ni nian niang niao nie nin ning niu nong nou nu nuan nuo nv nve o ou pa pai pan pang pao pei pen peng pi
    pian piao pie pin ping po pou pu qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun ran rang rao re
    ren reng ri rong rou ru rua ruan rui run ruo sa sai san sang sao se sen seng sha shai shan shang shao she shei
    shen sheng shi shou shu shua shuai shuan shuang shui shun shuo si song sou su suan sui sun suo ta tai tan tang
    tao te teng ti tian tiao tie ting tong tou tu tuan tui tun tuo wa wai wan wang wei wen weng wo wu xi xia xian
    xiang xiao xie xin xing xiong xiu xu xuan xue xun ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun za
    zai zan zang zao ze zei zen zeng zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai
    zhuan zhuang zhui zhun zhuo zi zong zou zu zuan zui zun zuo
"""
SYLLABLES = frozenset(_ALL.split())
_BEGINNINGS = frozenset(syllable[:length] for syllable in SYLLABLES for length in range(1, len(syllable) + 1))


def sounds_of(name) -> list[str]:
    """What somebody may type for a run of Chinese characters: each two to four neighbouring syllables as one word
    (美兰湖: meilan, lanhu, meilanhu), and the initials of a short name (mlh)."""
    syllables = [each for each in readings_of(name) if each]
    sounds = [
        "".join(syllables[start : start + length])
        for length in range(2, WINDOW + 1)
        for start in range(len(syllables) - length + 1)
    ]
    if 2 <= len(syllables) <= LONGEST_NAME:
        sounds.append("".join(each[0] for each in syllables))
    return sounds


@lru_cache(maxsize=10_000)
def _splits(word, may_end_within):
    """`word` in syllables, the longest first; () where it cannot be split, and its last part only begun if it may."""
    if word in SYLLABLES or (may_end_within and word in _BEGINNINGS):
        return (word,)
    for length in range(min(6, len(word) - 1), 0, -1):
        if word[:length] in SYLLABLES and (rest := _splits(word[length:], may_end_within)):
            return (word[:length], *rest)
    return ()


def windows_of(word, may_end_within=False) -> list[str]:
    """The pieces in which pinyin that is longer than a window is indexed; empty for what is shorter, or no pinyin."""
    if len(word) > 60 or not word.isascii() or not word.isalpha():
        return []
    syllables = _splits(word, may_end_within)
    if len(syllables) <= WINDOW:
        return []
    return ["".join(syllables[at : at + WINDOW]) for at in range(len(syllables) - WINDOW + 1)]


def place_of_sound(text, sound) -> tuple[int, int] | None:
    """Where the Chinese characters in `text` stand, two or more, that sound like `sound`, or begin so."""
    syllables = readings_of(text)
    for start in range(len(syllables)):
        end, rest = start, sound
        while end < len(syllables) and syllables[end] and rest.startswith(syllables[end]):
            rest, end = rest[len(syllables[end]) :], end + 1
        if rest and end < len(syllables) and syllables[end].startswith(rest):
            rest, end = "", end + 1
        if not rest and end - start > 1:
            return start, end
    return None
