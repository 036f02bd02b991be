"""What a refusal says: the status, the stable reason, and every field or rule that was broken."""

from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2, status_pb2
from grpc_status import rpc_status

_CODES = {code.value[0]: code for code in grpc.StatusCode}


@dataclass(frozen=True)
class Violation:
    """One broken rule. `field` is the path in the request ("order.lines[2].quantity"); empty when
    the state is at fault.
    """

    field: str
    reason: str
    message: str


class JoineryError(Exception):
    """A call that was refused or failed, after the retries that were worth making."""

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        facts: dict[str, str] | None = None,
        violations: tuple[Violation, ...] = (),
        replayed: bool = False,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason
        """Stable code of the first broken rule ("CREDIT_LIMIT_EXCEEDED"); empty when the server
        gave none.
        """
        self.facts = facts or {}
        """The values of the message, for programs."""
        self.violations = violations
        self.replayed = replayed
        """True when this is the first answer to an idempotency key, given again."""

    def __str__(self) -> str:
        head = f"{self.code.name}{f' {self.reason}' if self.reason else ''}: {self.message}"
        rules = [f"\n  {v.field or '-'}: {v.message}" for v in self.violations]
        return head + "".join(rules)

    @classmethod
    def of(cls, error: grpc.RpcError) -> "JoineryError":
        """Reads google.rpc.Status from the trailers of a failed call."""
        code, message = error.code(), error.details() or ""
        replayed = ("idempotency-replayed", "true") in (error.trailing_metadata() or ())
        try:
            status = rpc_status.from_call(error)
        except ValueError:
            status = None
        if status is None:
            return cls(code, message, replayed=replayed)
        return cls._of(code, message, status, replayed)

    @classmethod
    def of_status(cls, status: status_pb2.Status, replayed: bool = False) -> "JoineryError":
        """Reads a refusal that came in a message."""
        return cls._of(_CODES[status.code], status.message, status, replayed)

    @classmethod
    def _of(
        cls, code: grpc.StatusCode, message: str, status: status_pb2.Status, replayed: bool
    ) -> "JoineryError":
        info = error_details_pb2.ErrorInfo()
        violations: list[Violation] = []
        for detail in status.details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                if not info.reason:
                    detail.Unpack(info)
            else:
                violations.extend(_violations(detail))
        return cls(
            code,
            message,
            reason=info.reason or (violations[0].reason if violations else ""),
            facts=dict(info.metadata),
            violations=tuple(violations),
            replayed=replayed,
        )


def _violations(detail: Any) -> list[Violation]:
    if detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
        request = error_details_pb2.BadRequest()
        detail.Unpack(request)
        return [Violation(v.field, v.reason, v.description) for v in request.field_violations]
    if detail.Is(error_details_pb2.PreconditionFailure.DESCRIPTOR):
        failure = error_details_pb2.PreconditionFailure()
        detail.Unpack(failure)
        return [Violation("", v.type, v.description) for v in failure.violations]
    return []
