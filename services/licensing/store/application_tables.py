"""Tables of applications; the migrations create them, with the row-level security that guards them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    FetchedValue,
    Identity,
    Integer,
    Sequence,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from services.licensing.store.metadata import metadata

_instant = DateTime(timezone=True)

application_number = Sequence("application_number", metadata=metadata)

application = Table(
    "application",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("number", Text),
    # The etag of the resource.
    Column("version", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("organisation", Text, nullable=False),
    Column("province", Text, nullable=False),
    Column("applicant_name", Text, nullable=False),
    Column("destination", Text, nullable=False),
    Column("created_by", Text, nullable=False),
    Column("created_at", _instant, nullable=False),
    Column("submitted_at", _instant),
    # When the authority that now has the case received its materials.
    Column("received_at", _instant),
    Column("submission_number", Integer, nullable=False),
    Column("procedure_version", Text, nullable=False),
    # The stage that the case goes to when the automatic checks pass.
    Column("checks_return_to", Text, nullable=False),
    Column("supplements_asked_by", ARRAY(Text), nullable=False),
    Column("supplement_window_closed", Boolean, nullable=False),
    Column("provincial_opinion", Text, nullable=False),
    Column("consulted_agencies", ARRAY(Text), nullable=False),
    # Subjects of experts who were asked about it.
    Column("asked_experts", ARRAY(Text), nullable=False),
    Column("licence_number", Text, nullable=False),
    Column("withdrawal_reason", Text, nullable=False),
    # The application that this one began as a copy of.
    Column("copied_from", Uuid),
    # The dossier being worked on; what was submitted is in `submission`.
    Column("dossier", Text, nullable=False),
    # What the applicant's search looks in, and that of officers; see `domain.search`.
    Column("search_text", Text, nullable=False),
    Column("submitted_search_text", Text, nullable=False, server_default=""),
    # Names of the first items as submitted, [[zh, en], ...].
    Column("submitted_items", Text, nullable=False, server_default="[]"),
    # The nearest deadline, see `case_queue.set_nearest_deadline`.
    Column("due_at", _instant),
    Column("due_kind", Text, nullable=False, server_default=""),
)

submission = Table(
    "submission",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("submission_number", Integer, primary_key=True),
    Column("dossier", Text, nullable=False),
    Column("attachments", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("submitted_by", Text, nullable=False),
    Column("submitted_at", _instant, nullable=False),
)

attachment = Table(
    "attachment",
    metadata,
    Column("attachment_id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("uploaded_at", _instant, nullable=False),
    Column("removed_at", _instant),
)

automatic_check = Table(
    "automatic_check",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("submission_number", Integer, primary_key=True),
    Column("classifications", Text, nullable=False),
    Column("screening", Text, nullable=False),
    Column("recorded_at", _instant, nullable=False),
    # Computed by the database from the classifications; statistics read it.
    Column("control_codes", JSONB, FetchedValue()),
)

rescreening = Table(
    "rescreening",
    metadata,
    Column("screening_id", Uuid, primary_key=True),
    # The order in which they were recorded.
    Column("serial", BigInteger, Identity(always=True)),
    Column("application_id", Uuid, nullable=False),
    Column("submission_number", Integer, nullable=False),
    Column("screening", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("cause_version", Text, nullable=False),
    Column("screened_at", _instant, nullable=False),
    Column("recorded_at", _instant, nullable=False),
)

notice = Table(
    "notice",
    metadata,
    Column("notice_id", Uuid, primary_key=True),
    # The order of issue.
    Column("serial", BigInteger, Identity(always=True)),
    Column("application_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("issued_at", _instant, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("deficiencies", Text, nullable=False),
    Column("sources", Text, nullable=False),
)

deadline = Table(
    "deadline",
    metadata,
    Column("deadline_id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("started_at", _instant, nullable=False),
    Column("due_at", _instant),
    Column("reminders_at", ARRAY(_instant), nullable=False),
    Column("reminders_sent", Integer, nullable=False),
    Column("closed_at", _instant),
)

escalation = Table(
    "escalation",
    metadata,
    Column("escalation_id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False),
    # What passed: a deadline of the procedure, or the due time of an agency's task.
    Column("deadline_id", Uuid),
    Column("task_id", Uuid),
    Column("deadline_kind", Text, nullable=False),
    Column("queue", Text, nullable=False),
    Column("raised_at", _instant, nullable=False),
)

exclusion = Table(
    "exclusion",
    metadata,
    Column("exclusion_id", Uuid, primary_key=True),
    Column("application_id", Uuid, nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("started_at", _instant, nullable=False),
    Column("ended_at", _instant),
    Column("result", Text, nullable=False),
)

consultation_round = Table(
    "consultation_round",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("round_number", Integer, primary_key=True),
    Column("plan", Text, nullable=False),
    # Empty until the consultation service has opened the round.
    Column("round_id", Text, nullable=False),
    # Empty until the round is closed.
    Column("summary", Text, nullable=False),
    Column("started_at", _instant, nullable=False),
    Column("closed_at", _instant),
)

decision = Table(
    "decision",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("proposal_number", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    Column("reasons", Text, nullable=False),
    Column("factors", Text, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_at", _instant, nullable=False),
    Column("countersigned_by", Text, nullable=False),
    Column("countersigned_at", _instant),
    Column("agreed", Boolean),
    Column("comment", Text, nullable=False),
    # What the proposal rested on when it was made, see `domain.differences`.
    Column("basis", Text, nullable=False),
    # Empty and null unless the decision was taken back before the licence was issued.
    Column("taken_back_by", Text, nullable=False),
    Column("taken_back_at", _instant),
    Column("taken_back_because", Text, nullable=False),
)

assignment = Table(
    "assignment",
    metadata,
    Column("application_id", Uuid, primary_key=True),
    Column("authority", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("name_zh", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("assigned_at", _instant, nullable=False),
    Column("assigned_by", Text, nullable=False),
)

note = Table(
    "note",
    metadata,
    Column("note_id", Uuid, primary_key=True),
    # The order of writing.
    Column("serial", BigInteger, Identity(always=True)),
    Column("application_id", Uuid, nullable=False),
    Column("authority", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("author_name_zh", Text, nullable=False),
    Column("author_name_en", Text, nullable=False),
    Column("written_at", _instant, nullable=False),
    Column("body", Text, nullable=False),
)

expert_request = Table(
    "expert_request",
    metadata,
    Column("expert_request_id", Uuid, primary_key=True),
    # The order of asking.
    Column("serial", BigInteger, Identity(always=True)),
    Column("application_id", Uuid, nullable=False),
    Column("exclusion_id", Uuid, nullable=False),
    Column("expert_subject", Text, nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", _instant, nullable=False),
    Column("question", Text, nullable=False),
    # Empty and null until it is given.
    Column("opinion", Text, nullable=False),
    Column("answered_at", _instant),
)

item_assessment = Table(
    "item_assessment",
    metadata,
    Column("assessment_id", Uuid, primary_key=True),
    # The order of assessing.
    Column("serial", BigInteger, Identity(always=True)),
    Column("application_id", Uuid, nullable=False),
    Column("line_number", Integer, nullable=False),
    Column("submission_number", Integer, nullable=False),
    Column("control_codes", ARRAY(Text), nullable=False),
    Column("reason", Text, nullable=False),
    Column("precedent_id", Text, nullable=False),
    Column("inquiry_number", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("assessed_by", Text, nullable=False),
    Column("assessed_at", _instant, nullable=False),
)
