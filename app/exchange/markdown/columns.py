"""What the columns of a table hold, by what people call them in English, Korean, Japanese, Chinese.

A name counts by its letters and digits alone: "Error Code", "errorCode" and "error_code" are one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

ROLES = ("code", "key", "http_status", "message", "description", "remedy")
IGNORED = "ignore"

_CODE = (
    "code errorcode errcode resultcode returncode responsecode apierrorcode codevalue "
    "코드 오류코드 에러코드 결과코드 응답코드 반환코드 코드값 "
    "コード エラーコード 結果コード レスポンスコード 応答コード コード値 "
    "代码 代碼 错误码 错误代码 錯誤碼 錯誤代碼 结果码 结果代码 返回码 响应码 响应代码"
)
# Also with something before it: "API result code", "DLRエラーコード".
_CODE_ENDINGS = (
    "errorcode resultcode statuscode 오류코드 에러코드 결과코드 상태코드 "
    "エラーコード 結果コード ステータスコード 错误码 错误代码 结果代码"
)
_KEY = (
    "key errorkey resultkey symbol constant errorname name "
    "키 오류키 에러키 결과키 오류명 에러명 이름 "
    "キー エラーキー 結果キー エラー名 名前 键 错误键 名称"
)
# What may hold a symbol, a kind or a sentence: its cells decide.
_KEY_OR_OTHER = (
    "type errortype error 타입 유형 에러 오류 에러타입 오류타입 오류유형 "
    "タイプ 種類 エラー エラータイプ 类型 错误 错误类型"
)
_HTTP_STATUS = (
    "http httpstatus httpstatuscode httpcode httpresponsecode "
    "http상태 http상태코드 http응답코드 http코드 "
    "httpステータス httpステータスコード httpコード http状态码"
)
# What the API answers.
_MESSAGE = (
    "message errormessage errmsg msg resultmessage responsemessage apiresponsemessage apimessage "
    "메시지 오류메시지 에러메시지 결과메시지 응답메시지 api응답메시지 "
    "メッセージ エラーメッセージ 結果メッセージ レスポンスメッセージ apiレスポンスメッセージ "
    "応答メッセージ 消息 信息 错误消息 错误信息 结果消息 返回信息 返回消息 訊息 錯誤訊息"
)
# What is the answer where there is no such column, and else explains it; the first before the next.
_EXPLANATIONS = (
    "resultcodemessage 결과코드메시지 結果コードメッセージ",
    "meaning 의미 意味 含义",
    (
        "description desc explanation detail details 설명 상세 상세설명 내용 "
        "説明 詳細 内容 说明 描述 详细说明 內容 說明"
    ),
    "cause reason 원인 오류원인 原因 事由",
)
_REMEDY = (
    "remedy solution action resolution howtofix workaround "
    "조치 조치방법 조치사항 해결 해결방법 해결방안 대응방법 대처방법 "
    "対処 対処方法 対応 対応方法 解決方法 解决方法 解决方案 处理方法 解決方案"
)
# What tells of a row without being a part of its code.
_ABOUT = (
    "no category group module platform issuccessful issuccess success "
    "번호 구분 분류 그룹 모듈 플랫폼 카테고리 성공여부 "
    "カテゴリー カテゴリ 区分 分類 グループ モジュール プラットフォーム 成否 成功可否 "
    "分类 分組 类别 模块 平台 是否成功"
)

_SYMBOL = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_LETTERED = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*[A-Za-z_]")


@dataclass(frozen=True)
class Layout:
    """Which column of a table holds what; `unknown` are the titles of those that nobody knows."""

    width: int
    columns: Mapping[str, int]
    unknown: Sequence[str] = ()

    @property
    def is_about_errors(self) -> bool:
        """Whether a table with these columns tells about codes."""
        told = {"key", "message"} & self.columns.keys()
        return "code" in self.columns and bool(told)


@dataclass
class _Sorting:
    """Columns by what they may hold, while that is being found out."""

    columns: dict[str, int] = field(default_factory=dict)
    explanations: dict[int, int] = field(default_factory=dict)
    unknown: list[int] = field(default_factory=list)

    def put(self, role: str, index: int) -> None:
        """Note that a column has a role; a second one of the same role has none."""
        if role in self.columns:
            self.unknown.append(index)
        else:
            self.columns[role] = index


def layout_of(
    header: Sequence[str], rows: Sequence[Sequence[str]], named: Mapping[str, str]
) -> Layout:
    """What the columns of a table hold.

    `named` gives columns, by their bare names, a role or IGNORED. With one column of text, that is
    the message; with two, what the API answers is the message and the explanation the description.
    """
    sorting = _Sorting()
    codes = []
    for index, title in enumerate(header):
        name = bare(title)
        cells = [row[index] for row in rows if index < len(row) and row[index]]
        role = named.get(name) or _role(name, cells)
        if role == "code":
            codes.append((index, cells))
        elif role is None:
            sorting.unknown.append(index)
        elif role.isdigit():
            sorting.explanations[index] = int(role)
        elif role != IGNORED:
            sorting.put(role, index)
    _put_codes(sorting, codes)
    _put_explanations(sorting)
    unknown = [header[index] or f"column {index + 1}" for index in sorted(sorting.unknown)]
    return Layout(len(header), sorting.columns, unknown)


def bare(text: str) -> str:
    """A name without what pages write differently: case, width, spaces and signs."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if mark.isalnum())


def _names(*lists: str) -> dict[str, str]:
    return {bare(name): name for names in lists for name in names.split()}


_ROLE_OF: Mapping[str, str] = {
    **dict.fromkeys(_names(_ABOUT), IGNORED),
    **{name: str(rank) for rank, names in enumerate(_EXPLANATIONS) for name in _names(names)},
    **dict.fromkeys(_names(_REMEDY), "remedy"),
    **dict.fromkeys(_names(_MESSAGE), "message"),
    **dict.fromkeys(_names(_HTTP_STATUS), "http_status"),
    **dict.fromkeys(_names(_KEY), "key"),
    **dict.fromkeys(_names(_CODE), "code"),
}
_MAY_BE_KEYS = _names(_KEY_OR_OTHER)
_ENDINGS = tuple(_names(_CODE_ENDINGS))


def _role(name: str, cells: Sequence[str]) -> str | None:
    if name in _ROLE_OF:
        return _ROLE_OF[name]
    if name in _MAY_BE_KEYS:
        return "key" if all(_SYMBOL.fullmatch(cell) for cell in cells) else "0"
    return "code" if name.endswith(_ENDINGS) else None


def _put_codes(sorting: _Sorting, codes: Sequence[tuple[int, Sequence[str]]]) -> None:
    """Of two columns called codes, one may hold the symbols that are the keys of the other."""
    symbols = [
        index for index, cells in codes if cells and all(_LETTERED.fullmatch(it) for it in cells)
    ]
    if len(codes) == 2 and len(symbols) == 1 and "key" not in sorting.columns:
        sorting.columns["key"] = symbols[0]
        codes = [(index, cells) for index, cells in codes if index != symbols[0]]
    for index, _ in codes:
        sorting.put("code", index)


def _put_explanations(sorting: _Sorting) -> None:
    """The nearest to an answer is the message where there is none; the next is the description."""
    for index in sorted(sorting.explanations, key=lambda it: (sorting.explanations[it], it)):
        role = "description" if "message" in sorting.columns else "message"
        sorting.put(role, index)
