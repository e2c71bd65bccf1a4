"""first tables

Revision 0001, after nothing.

Runs inside one transaction with every other pending revision, foreign keys off and checked at the
end. Never touch signed operations here: old facts are read as today's by casework. Name every
constraint. A column that must not be empty comes with a server default or is filled first.
"""

import sqlalchemy as sa
from alembic import op


revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('login', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('station', sa.String(), nullable=False),
    sa.Column('department', sa.String(), nullable=False),
    sa.Column('password_hash', sa.String(), nullable=False),
    sa.Column('first', sa.Boolean(), nullable=False),
    sa.Column('disabled_at', sa.BigInteger(), nullable=True),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('login', name=op.f('uq_account_login'))
    )
    op.create_table('answered_request',
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('route', sa.String(), nullable=False),
    sa.Column('body_hash', sa.LargeBinary(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('location', sa.String(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('answered_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('account', 'key', name=op.f('pk_answered_request'))
    )
    with op.batch_alter_table('answered_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answered_request_answered_at'), ['answered_at'], unique=False)

    op.create_table('attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('chunks', sa.LargeBinary(), nullable=False),
    sa.Column('held', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('whole', sa.BigInteger(), nullable=False),
    sa.Column('county', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment')),
    sa.UniqueConstraint('hash', name=op.f('uq_attachment_hash'))
    )
    op.create_table('carried_bundle',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('sender', sa.LargeBinary(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), nullable=False),
    sa.Column('bundle', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_carried_bundle')),
    sa.UniqueConstraint('digest', name=op.f('uq_carried_bundle_digest'))
    )
    op.create_table('case_file',
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('temporary_number', sa.Text(), server_default='', nullable=False),
    sa.Column('official_number', sa.Text(), server_default='', nullable=False),
    sa.Column('item', sa.Text(), server_default='', nullable=False),
    sa.Column('item_version', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('flags', sa.Text(), server_default='', nullable=False),
    sa.Column('station', sa.Text(), server_default='', nullable=False),
    sa.Column('handling', sa.Text(), server_default='', nullable=False),
    sa.Column('name', sa.Text(), server_default='', nullable=False),
    sa.Column('received_at', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('due', sa.Text(), server_default='', nullable=False),
    sa.Column('deadline', sa.Text(), server_default='', nullable=False),
    sa.Column('updated_at', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('checking', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('refused', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('group_key', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('record', name=op.f('pk_case_file')),
    sa.UniqueConstraint('id', name=op.f('uq_case_file_id'))
    )
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.create_index('ix_case_file_group', ['group_key'], unique=False)
        batch_op.create_index('ix_case_file_official_number', ['official_number'], unique=False)
        batch_op.create_index('ix_case_file_received', ['received_at', 'id'], unique=False)
        batch_op.create_index('ix_case_file_due', ['state', 'due'], unique=False)
        batch_op.create_index('ix_case_file_state', ['state', 'received_at'], unique=False)
        batch_op.create_index('ix_case_file_station', ['station', 'received_at'], unique=False)
        batch_op.create_index('ix_case_file_temporary_number', ['temporary_number'], unique=False)

    op.create_table('conflict',
    sa.Column('id', sa.String(), nullable=False),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('opened_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict'))
    )
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_state'), ['state'], unique=False)

    op.create_table('conflict_case',
    sa.Column('conflict', sa.String(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('conflict', 'record', name=op.f('pk_conflict_case'))
    )
    with op.batch_alter_table('conflict_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_case_record'), ['record'], unique=False)

    op.create_table('enrolment',
    sa.Column('id', sa.LargeBinary(), nullable=False),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('station', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('pre_approved', sa.Boolean(), nullable=False),
    sa.Column('hub_nonce', sa.LargeBinary(), nullable=False),
    sa.Column('commitment', sa.LargeBinary(), nullable=True),
    sa.Column('nonce', sa.LargeBinary(), nullable=True),
    sa.Column('replica', sa.LargeBinary(), nullable=True),
    sa.Column('verify_key', sa.LargeBinary(), nullable=True),
    sa.Column('encryption_key', sa.LargeBinary(), nullable=True),
    sa.Column('tls_fingerprint', sa.String(), nullable=False),
    sa.Column('match_code', sa.String(), nullable=False),
    sa.Column('device', sa.Integer(), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=True),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('expires_at', sa.BigInteger(), nullable=False),
    sa.Column('revealed_at', sa.BigInteger(), nullable=True),
    sa.Column('decided_at', sa.BigInteger(), nullable=True),
    sa.Column('decided_by', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolment')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_enrolment_code_hash'))
    )
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolment_replica'), ['replica'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_state'), ['state'], unique=False)
        batch_op.create_index(batch_op.f('ix_enrolment_station'), ['station'], unique=False)

    op.create_table('enrolment_failure',
    sa.Column('source_hash', sa.LargeBinary(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('source_hash', name=op.f('pk_enrolment_failure'))
    )
    op.create_table('feed_child',
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('next', sa.BigInteger(), server_default='1', nullable=False),
    sa.Column('taken', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_request', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_seen', sa.BigInteger(), nullable=True),
    sa.Column('status', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('replica', name=op.f('pk_feed_child'))
    )
    op.create_table('log_author',
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('revoked_after', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('replica', name=op.f('pk_log_author'))
    )
    op.create_table('log_change_set',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('last', sa.BigInteger(), nullable=False),
    sa.Column('header_hash', sa.LargeBinary(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('anchor_time', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('received_at', sa.BigInteger(), nullable=True),
    sa.Column('receipt', sa.LargeBinary(), nullable=True),
    sa.Column('custody', sa.LargeBinary(), nullable=True),
    sa.Column('subtrees', sa.LargeBinary(), nullable=True),
    sa.Column('seed2', sa.LargeBinary(), nullable=True),
    sa.Column('seed3', sa.LargeBinary(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_change_set')),
    sa.UniqueConstraint('header_hash', name=op.f('uq_log_change_set_header_hash')),
    sa.UniqueConstraint('replica', 'first', name=op.f('uq_log_change_set_replica'))
    )
    op.create_table('log_open_change_set',
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('first', sa.BigInteger(), nullable=False),
    sa.Column('next', sa.BigInteger(), nullable=False),
    sa.Column('prev', sa.LargeBinary(), nullable=True),
    sa.Column('anchor_answer', sa.LargeBinary(), nullable=True),
    sa.Column('anchor_time', sa.BigInteger(), nullable=True),
    sa.Column('catalogue', sa.BigInteger(), nullable=False),
    sa.Column('authorisations', sa.BigInteger(), nullable=False),
    sa.Column('policy', sa.BigInteger(), nullable=False),
    sa.Column('seed2', sa.LargeBinary(), nullable=False),
    sa.Column('seed3', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('replica', name=op.f('pk_log_open_change_set'))
    )
    op.create_table('node_identity',
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('partner', sa.Text(), server_default='', nullable=False),
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('certificate', sa.LargeBinary(), nullable=False),
    sa.Column('county_document', sa.LargeBinary(), nullable=False),
    sa.Column('root_key', sa.LargeBinary(), nullable=False),
    sa.Column('parent_certificate', sa.LargeBinary(), nullable=True),
    sa.Column('trust', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('epoch', sa.LargeBinary(), nullable=False),
    sa.Column('anchor_answer', sa.LargeBinary(), nullable=True),
    sa.Column('anchor_time', sa.BigInteger(), nullable=True),
    sa.Column('anchor_running', sa.BigInteger(), nullable=True),
    sa.Column('clock_offset', sa.BigInteger(), nullable=True),
    sa.PrimaryKeyConstraint('station', name=op.f('pk_node_identity'))
    )
    op.create_table('official_serial',
    sa.Column('item', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('next', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('item', 'day', name=op.f('pk_official_serial'))
    )
    op.create_table('parent_link',
    sa.Column('station', sa.Text(), nullable=False),
    sa.Column('number', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('outstanding', sa.LargeBinary(), nullable=True),
    sa.Column('last_answer', sa.LargeBinary(), nullable=True),
    sa.Column('epoch', sa.LargeBinary(), nullable=True),
    sa.Column('position', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_contact', sa.BigInteger(), nullable=True),
    sa.Column('failures', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('last_failure', sa.Text(), nullable=True),
    sa.Column('budget', sa.BigInteger(), server_default='1048576', nullable=False),
    sa.PrimaryKeyConstraint('station', name=op.f('pk_parent_link'))
    )
    op.create_table('published',
    sa.Column('version', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('taken_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('version', name=op.f('pk_published'))
    )
    op.create_table('quarantine',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('at', sa.BigInteger(), nullable=False),
    sa.Column('digest', sa.LargeBinary(), nullable=False),
    sa.Column('sender', sa.LargeBinary(), nullable=True),
    sa.Column('seq', sa.BigInteger(), nullable=True),
    sa.Column('code', sa.Text(), nullable=False),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('message', sa.LargeBinary(), nullable=False),
    sa.Column('state', sa.Text(), server_default='held', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quarantine')),
    sa.UniqueConstraint('digest', name=op.f('uq_quarantine_digest'))
    )
    op.create_table('setting',
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('updated_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_setting'))
    )
    op.create_table('sign_in_failure',
    sa.Column('login_hash', sa.LargeBinary(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('last_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('login_hash', name=op.f('pk_sign_in_failure'))
    )
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_failure_last_at'), ['last_at'], unique=False)

    op.create_table('station',
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('partner', sa.String(), nullable=False),
    sa.Column('parent', sa.String(), nullable=False),
    sa.Column('authorised_until', sa.BigInteger(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('code', name=op.f('pk_station'))
    )
    op.create_table('verdict',
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('refused', sa.Boolean(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('said_at', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('replica', 'seq', name=op.f('pk_verdict'))
    )
    op.create_table('carried_header',
    sa.Column('bundle', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('header_hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['bundle'], ['carried_bundle.id'], name=op.f('fk_carried_header_bundle_carried_bundle')),
    sa.PrimaryKeyConstraint('bundle', 'header_hash', name=op.f('pk_carried_header'))
    )
    op.create_table('log_operation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=True, nullable=False),
    sa.Column('replica', sa.LargeBinary(), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.Column('record', sa.LargeBinary(), nullable=False),
    sa.Column('body', sa.LargeBinary(), nullable=False),
    sa.Column('commitments', sa.LargeBinary(), nullable=False),
    sa.Column('salt2', sa.LargeBinary(), nullable=True),
    sa.Column('values2', sa.LargeBinary(), nullable=True),
    sa.Column('salt3', sa.LargeBinary(), nullable=True),
    sa.Column('values3', sa.LargeBinary(), nullable=True),
    sa.Column('change_set', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['change_set'], ['log_change_set.id'], name=op.f('fk_log_operation_change_set_log_change_set')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_operation')),
    sa.UniqueConstraint('replica', 'seq', name=op.f('uq_log_operation_replica'))
    )
    with op.batch_alter_table('log_operation', schema=None) as batch_op:
        batch_op.create_index('ix_log_operation_change_set', ['change_set'], unique=False)
        batch_op.create_index('ix_log_operation_record', ['record'], unique=False)

    op.create_table('session',
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('account', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.BigInteger(), nullable=False),
    sa.Column('seen_at', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['account'], ['account.id'], name=op.f('fk_session_account_account')),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_session'))
    )
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_session_account'), ['account'], unique=False)

    op.create_table('feed_item',
    sa.Column('child', sa.LargeBinary(), nullable=False),
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('operation', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['operation'], ['log_operation.id'], name=op.f('fk_feed_item_operation_log_operation')),
    sa.PrimaryKeyConstraint('child', 'number', name=op.f('pk_feed_item'))
    )


def downgrade() -> None:
    op.drop_table('feed_item')
    with op.batch_alter_table('session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_session_account'))

    op.drop_table('session')
    with op.batch_alter_table('log_operation', schema=None) as batch_op:
        batch_op.drop_index('ix_log_operation_record')
        batch_op.drop_index('ix_log_operation_change_set')

    op.drop_table('log_operation')
    op.drop_table('carried_header')
    op.drop_table('verdict')
    op.drop_table('station')
    with op.batch_alter_table('sign_in_failure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_failure_last_at'))

    op.drop_table('sign_in_failure')
    op.drop_table('setting')
    op.drop_table('quarantine')
    op.drop_table('published')
    op.drop_table('parent_link')
    op.drop_table('official_serial')
    op.drop_table('node_identity')
    op.drop_table('log_open_change_set')
    op.drop_table('log_change_set')
    op.drop_table('log_author')
    op.drop_table('feed_child')
    op.drop_table('enrolment_failure')
    with op.batch_alter_table('enrolment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolment_station'))
        batch_op.drop_index(batch_op.f('ix_enrolment_state'))
        batch_op.drop_index(batch_op.f('ix_enrolment_replica'))

    op.drop_table('enrolment')
    with op.batch_alter_table('conflict_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_case_record'))

    op.drop_table('conflict_case')
    with op.batch_alter_table('conflict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_state'))

    op.drop_table('conflict')
    with op.batch_alter_table('case_file', schema=None) as batch_op:
        batch_op.drop_index('ix_case_file_temporary_number')
        batch_op.drop_index('ix_case_file_station')
        batch_op.drop_index('ix_case_file_state')
        batch_op.drop_index('ix_case_file_due')
        batch_op.drop_index('ix_case_file_received')
        batch_op.drop_index('ix_case_file_official_number')
        batch_op.drop_index('ix_case_file_group')

    op.drop_table('case_file')
    op.drop_table('carried_bundle')
    op.drop_table('attachment')
    with op.batch_alter_table('answered_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answered_request_answered_at'))

    op.drop_table('answered_request')
    op.drop_table('account')
