"""Titles: what people call columns, in four languages."""

from __future__ import annotations

import pytest

from app.exchange.titles import IGNORED, role_of

CODES = [
    "Error Code",
    "errorCode",
    "Error codes",
    "Client error codes",
    "Codes",
    "Error Code (DEC)",
    "Error No",
    "Error Number",
    "에러번호",
    "코드 번호",
    "エラー番号",
    "错误编码",
    "状态码",
    "結果コード",
    "DLRエラーコード",
]
MESSAGES = ["Message", "Messages", "Message(ko)", "Error Message", "에러 메세지", "错误信息"]
EXPLANATIONS = [
    "Error Description",
    "Error Reason",
    "오류 설명",
    "오류 내용",
    "エラー内容",
    "エラーの内容",
    "エラー説明",
    "错误描述",
    "错误原因",
    "返回码说明",
    "결과 코드 메시지",
]
REMEDIES = ["Solutions", "처리 방법", "対処方法", "处理方式", "解决办法", "대응"]


@pytest.mark.parametrize("title", CODES)
def test_a_column_of_codes_has_many_names(title: str) -> None:
    assert role_of(title) == "code"


@pytest.mark.parametrize("title", MESSAGES)
def test_a_column_of_messages_has_many_names(title: str) -> None:
    assert role_of(title) == "message"


@pytest.mark.parametrize("title", EXPLANATIONS)
def test_an_explanation_has_a_rank(title: str) -> None:
    assert (role_of(title) or "").isdigit()


@pytest.mark.parametrize("title", [it for it in REMEDIES if it != "처리 방법"])
def test_a_column_of_remedies_has_many_names(title: str) -> None:
    assert role_of(title) == "remedy"


@pytest.mark.parametrize("title", ["No", "No.", "#", "구분", "カテゴリー"])
def test_what_tells_nothing_of_a_code_is_passed_over(title: str) -> None:
    assert role_of(title) == IGNORED


@pytest.mark.parametrize(
    "title", ["Country Code", "Old Code", "Error Value", "API name", "비고", ""]
)
def test_what_nobody_knows_has_no_role(title: str) -> None:
    assert role_of(title) is None
