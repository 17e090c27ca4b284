"""What people call the columns of a table of errors, in English, Korean, Japanese and Chinese.

A title counts by its letters and digits alone: "Error Code", "errorCode" and "error_code" are one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.catalog.texts import normalized

ROLES = ("code", "key", "http_status", "message", "description", "remedy")
IGNORED = "ignore"
# A role that the cells decide: the key where they are all symbols, else an explanation.
KEY_OR_OTHER = "key or other"

# What may be a code of anything, such as of a country.
_ANY_CODE = "code codevalue 코드 코드값 코드번호 コード コード値 代码 代碼 编码"
_CODE = (
    "errcode returncode responsecode errno errorno errornumber "
    "오류코드 에러코드 결과코드 응답코드 반환코드 오류번호 에러번호 "
    "レスポンスコード 応答コード エラー番号 "
    "错误编码 错误编号 錯誤碼 錯誤代碼 结果码 返回码 返回代码 响应码 响应代码"
)
# Also with something before it: "API result code", "DLRエラーコード".
_CODE_ENDINGS = (
    "errorcode resultcode statuscode 오류코드 에러코드 결과코드 상태코드 "
    "エラーコード 結果コード ステータスコード 错误码 错误代码 结果代码 状态码"
)
# Beside another column of codes, what stands in a column called so is the HTTP status.
_STATUS_ENDINGS = "statuscode 상태코드 ステータスコード 状态码"
# What tells that a column is one of codes, though not of which.
_CODE_WORDS = "code 코드 コード 代码 代碼 码"
_KEY = (
    "key errorkey resultkey symbol constant errorname "
    "키 오류키 에러키 결과키 오류명 에러명 キー エラーキー 結果キー エラー名 键 错误键"
)
# What may be the name of anything.
_ANY_NAME = "name 이름 名前 名称"
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
    "메시지 메세지 오류메시지 에러메시지 결과메시지 응답메시지 api응답메시지 "
    "メッセージ エラーメッセージ 結果メッセージ レスポンスメッセージ apiレスポンスメッセージ "
    "応答メッセージ 消息 信息 错误消息 错误信息 结果消息 返回信息 返回消息 訊息 錯誤訊息"
)
# What is the answer where there is no such column, and else explains it; the first before the next.
_EXPLANATIONS = (
    "resultcodemessage 결과코드메시지 結果コードメッセージ",
    "meaning 의미 意味 含义",
    (
        "description desc explanation detail details 설명 상세 상세설명 상세내용 내용 "
        "説明 詳細 内容 说明 描述 详细说明 內容 說明"
    ),
    "cause reason 원인 오류원인 原因 事由",
)
_REMEDY = (
    "remedy solution action resolution howtofix workaround "
    "조치 조치방법 조치사항 해결 해결방법 해결방안 대응 대응방법 대처 대처방법 "
    "対処 対処方法 対処法 対応 対応方法 解決方法 "
    "解决方法 解决办法 解决方案 处理方法 处理方式 处理建议 解決方案"
)
# What tells of a row without being a part of its code.
_ABOUT = (
    "no number category group module platform issuccessful issuccess success "
    "번호 구분 분류 그룹 모듈 플랫폼 카테고리 성공여부 "
    "カテゴリー カテゴリ 区分 分類 グループ モジュール プラットフォーム 成否 成功可否 "
    "分类 分組 类别 模块 平台 是否成功"
)

# What says of what a column is the code, the message or the explanation.
_QUALIFIERS = (
    "error err result response return 오류 에러 결과 응답 결과코드 오류코드 에러코드 "
    "エラーの エラー 結果の 結果 応答 レスポンス エラーコード 結果コード "
    "错误 錯誤 结果 返回 响应 返回码 错误码 错误代码"
)

_PARENTHESIS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")


def bare(text: str) -> str:
    """A name without what pages write differently: case, width, spaces and signs."""
    plain = normalized("NFKC", text).casefold()
    return "".join(mark for mark in plain if mark.isalnum())


def role_of(title: str) -> str | None:
    """What a column of this title holds: one of ROLES, IGNORED, KEY_OR_OTHER, or the rank of an
    explanation as a number; None where nobody knows.

    What stands in parentheses counts only where the title says nothing without it.
    """
    for name in dict.fromkeys((bare(title), _main(title))):
        role = _role(name) or _role(name.removesuffix("s"))
        if role is not None:
            return role
    return IGNORED if title.strip() == "#" else None


def says_of_what(title: str) -> bool:
    """Whether a title of codes says that they are those of errors or results."""
    return _main(title).removesuffix("s") not in _ANY_CODES


def is_any_name(title: str) -> bool:
    """Whether a title of keys may be one of names of anything."""
    return _main(title) in _ANY_NAMES


def is_status(title: str) -> bool:
    """Whether a title of codes can be meant for HTTP statuses."""
    return _main(title).endswith(_STATUSES)


def is_answer(title: str) -> bool:
    """Whether a title is one of what an API answers, and not of explanations."""
    return _ROLE_OF.get(_main(title)) == "message"


def names_codes(title: str) -> bool:
    """Whether a title is one of codes of some kind, known or not."""
    return _main(title).removesuffix("s").endswith(_CODES_OF_ANY_KIND)


def _main(title: str) -> str:
    plain = normalized("NFKC", title)
    return bare(_PARENTHESIS.sub("", plain)) or bare(title)


def _names(*lists: str) -> dict[str, str]:
    return {bare(name): name for names in lists for name in names.split()}


_ROLE_OF: Mapping[str, str] = {
    **dict.fromkeys(_names(_KEY_OR_OTHER), KEY_OR_OTHER),
    **dict.fromkeys(_names(_ABOUT), IGNORED),
    **{name: str(rank) for rank, names in enumerate(_EXPLANATIONS) for name in _names(names)},
    **dict.fromkeys(_names(_REMEDY), "remedy"),
    **dict.fromkeys(_names(_MESSAGE), "message"),
    **dict.fromkeys(_names(_HTTP_STATUS), "http_status"),
    **dict.fromkeys(_names(_KEY, _ANY_NAME), "key"),
    **dict.fromkeys(_names(_CODE, _CODE_ENDINGS, _ANY_CODE), "code"),
}
_ANY_CODES = frozenset(_names(_ANY_CODE))
_ANY_NAMES = frozenset(_names(_ANY_NAME))
_ENDINGS = tuple(_names(_CODE_ENDINGS))
_STATUSES = tuple(_names(_STATUS_ENDINGS))
_CODES_OF_ANY_KIND = tuple(_names(_CODE_WORDS))
# The longest first, so that a part of one is not taken for it.
_SAYING_OF_WHAT = sorted(_names(_QUALIFIERS), key=len, reverse=True)


def _role(name: str) -> str | None:
    if name in _ROLE_OF:
        return _ROLE_OF[name]
    if name.endswith(_ENDINGS):
        return "code"
    for qualifier in _SAYING_OF_WHAT:
        rest = name.removeprefix(qualifier)
        if rest not in (name, ""):
            role = _role(rest)
            # A key, a status or a group is not one for being of errors.
            return role if role in ("code", "message", "remedy") or (role or "").isdigit() else None
    return None
