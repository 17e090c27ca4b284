"""Codes and texts that are made up, the same in every run."""

from __future__ import annotations

import random

# Of a text, its words in each locale.
WORDS = {
    "en": "invalid expired missing request key file project user limit service region image",
    "ko": "잘못된 만료된 없는 요청 키 파일 프로젝트 사용자 한도 서비스 리전 이미지",
    "ja": "不正な 期限切れの 不足した リクエスト キー ファイル プロジェクト ユーザー 上限 サービス "
    "リージョン 画像",
}


def code_of(number: int) -> int:
    """A code: blocks of ten with four numbers used in each."""
    return 4_000_001 + 10 * (number // 4) + number % 4


def words_of(seed: str, locale: str, count: int) -> str:
    """So many words in a locale; the same seed chooses the same places in all locales."""
    chosen = random.Random(seed)  # noqa: S311 (no secret)
    words = WORDS[locale].split()
    return " ".join(words[chosen.randrange(len(words))] for _ in range(count))
