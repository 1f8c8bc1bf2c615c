// Bodies of requests as one would send them, by their rows. A test sends each of them.
const PASSWORD = 'a sentence of one’s own';
const CODE = '123456';

export const EXAMPLES: Readonly<Record<string, object>> = {
	'POST /auth/register': {name: 'ann', password: PASSWORD, invitation: 'fpi_…'},
	'POST /auth/login': {name: 'ann', password: PASSWORD},
	'POST /auth/device/code': {client_id: 'fileproc-tui'},
	'POST /auth/device/token': {device_code: 'fpc_…', grant_type: 'urn:ietf:params:oauth:grant-type:device_code'},
	'POST /auth/password': {current_password: PASSWORD, new_password: 'another sentence of one’s own'},
	'POST /auth/second-factor': {password: PASSWORD},
	'POST /auth/second-factor/confirm': {code: CODE},
	'POST /auth/second-factor/recovery-codes': {password: PASSWORD, code: CODE},
	'POST /auth/second-factor/disable': {password: PASSWORD, code: CODE},
	'POST /tokens': {name: 'nightly import', scopes: ['upload', 'run', 'read'], expires_in: 7_776_000},
	'POST /droplinks': {name: 'Exports of March', expires_in: 86_400, max_bytes: 1_073_741_824, max_files: 100},
	'POST /invitations': {role: 'user', expires_in: 604_800},
	'PATCH /users/:id': {role: 'operator'},
	'POST /run': {file_id: 'f_01j…', task_id: 'eda_statistical_summary'},
	'POST /results/combined': {task_execution_ids: ['r_01j…', 'r_01k…']},
	'POST /bulk': {action: 'retry', q: 'status:failed', expected_count: 12},
	'POST /inbox/retry': {claims: ['20261201-093000-00000a1b'], tag: 'sales'},
	'PUT /mappings/:name': {map: {amount: 'Betrag', date: 'Datum'}, headings: ['Betrag', 'Datum', 'Kunde']},
	'POST /webhooks': {url: 'https://hooks.example/fileproc', types: ['run.completed']},
	'PATCH /webhooks/:id': {state: 'off'},
	'POST /webhooks/:id/confirm': {code: CODE},
};
