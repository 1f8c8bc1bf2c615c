// Everything that can be done with a server: who may do it, how far it reaches, and by which doors. Routes take their role and scope from this table; the
// page `/docs/actions`, the table of roles in `help accounts` and the test of who may call what are made from it.
import type {Role, Scope} from './roles.ts';
import type {Unready} from './tokens.ts';

/** `null`: it is not meant to have this door. */
export type Door = string | null;

export interface Action {
	/** For people: what is done. */
	readonly title: string;
	/** The least role; `null`: anybody, also without an account. */
	readonly role: Role | null;
	/** What a token of a program needs; `null`: no program may do it. Of no meaning where anybody may. */
	readonly scope: Scope | null;
	/** What it reaches: what the account itself has, what all accounts have, or the server as a whole. */
	readonly reach: 'own' | 'all' | 'server';
	/** Whether operators reach what others have, too. */
	readonly isOfAllForOperators?: true;
	/** Whether something is different afterwards. */
	readonly changes: boolean;
	/** Whether the token of monitoring may do it, too. */
	readonly isForMonitoring?: true;
	/** Whether somebody who comes by a drop link may do it, too. */
	readonly isForLinks?: true;
	/** By which logins it may be done that must first do something: choose another password, or add a second factor. */
	readonly isForUnreadyLogin?: Unready | 'any';
	/** Paths of the API, without `/api` and `/api/v1` in front of them. */
	readonly routes: readonly string[];
	/** A key of the dashboard on a server. */
	readonly key: Door;
	/** A control of the page. */
	readonly page: Door;
	/** Words behind `fileproc-tui`. */
	readonly command: Door;
	/** Words behind `ssh <host>`, and commands of its `sftp`. */
	readonly ssh: Door;
}

/** By the API alone. */
const API_ONLY = {key: null, page: null, command: null, ssh: null} as const;

const PUBLIC = {role: null, scope: null, reach: 'server'} as const;
const READS = {changes: false} as const;
const CHANGES = {changes: true} as const;

/** What people do with their own account, and no program. */
const OF_PEOPLE = {role: 'viewer', scope: null, reach: 'own'} as const;
const OF_READERS = {role: 'viewer', scope: 'read', reach: 'own'} as const;
const OF_UPLOADERS = {role: 'uploader', scope: 'upload', reach: 'own'} as const;
const OF_USERS = {role: 'user', scope: 'run', reach: 'own'} as const;
const OF_ADMINS = {role: 'admin', scope: 'admin:users', reach: 'all'} as const;

const OPERATORS_ALL = {isOfAllForOperators: true} as const;

const ON_ADMIN_PAGE = {key: null, page: 'Admin', ssh: null} as const;

export const ACTIONS = {
	'log-in': {
		...{title: 'Log in', ...PUBLIC, ...CHANGES, routes: ['POST /auth/login']},
		...{key: null, page: 'Sign in', command: 'login', ssh: null},
	},
	'begin-login-by-provider': {
		...{title: 'Begin to log in by the provider of the company', ...PUBLIC, ...READS},
		...{...API_ONLY, page: 'Sign in by …', routes: ['GET /auth/methods', 'GET /auth/oidc']},
	},
	'log-in-by-provider': {
		...{title: 'Log in by the provider of the company', ...PUBLIC, ...CHANGES, routes: ['GET /auth/oidc/callback']},
		...{...API_ONLY, page: 'Sign in by …'},
	},
	'ask-to-be-let-in': {
		// What is asked for is nothing until somebody lets it in, which is told.
		...{title: 'Ask for a code by which somebody lets a program in from elsewhere', ...PUBLIC, ...READS, ...API_ONLY},
		routes: ['POST /auth/device/code', 'GET /device'],
	},
	'log-in-program': {
		...{title: 'Log a program in that somebody has let in', ...PUBLIC, ...CHANGES, routes: ['POST /auth/device/token']},
		...{key: null, page: null, command: 'login --device', ssh: null},
	},
	'see-program': {
		// A program is nobody's before somebody lets it in.
		...{title: 'See which program asks to be let in', ...OF_PEOPLE, reach: 'server', ...READS},
		routes: ['GET /auth/device/:code'],
		...{key: null, page: '/device', command: 'login --allow', ssh: null},
	},
	'let-program-in': {
		...{title: 'Let a program in, or refuse it', ...OF_PEOPLE, reach: 'server', ...CHANGES},
		routes: ['POST /auth/device/:code/allow', 'POST /auth/device/:code/deny', 'POST /device'],
		...{key: null, page: '/device', command: 'login --allow', ssh: null},
	},
	register: {
		...{title: 'Make an account, by an invitation or where anybody may', ...PUBLIC, ...CHANGES},
		...{routes: ['POST /auth/register'], key: null, page: 'Make an account', command: null, ssh: null},
	},
	'log-out': {
		...{title: 'Log out', ...OF_PEOPLE, ...CHANGES, isForUnreadyLogin: 'any', routes: ['POST /auth/logout']},
		...{key: null, page: 'Sign out', command: 'logout', ssh: null},
	},
	'see-account': {
		...{title: 'See who is logged in', ...OF_READERS, ...READS, isForUnreadyLogin: 'any'},
		...{...API_ONLY, routes: ['GET /auth/me']},
	},
	'change-password': {
		...{title: 'Choose another password', ...OF_PEOPLE, ...CHANGES, isForUnreadyLogin: 'any'},
		...{routes: ['POST /auth/password'], key: null, page: 'Account', command: null, ssh: null},
	},
	'see-second-factor': {
		...{title: 'See whether one has a second factor', ...OF_PEOPLE, ...READS, isForUnreadyLogin: 'any'},
		...{routes: ['GET /auth/second-factor'], key: null, page: 'Account', command: null, ssh: null},
	},
	'add-second-factor': {
		...{title: 'Add a second factor', ...OF_PEOPLE, ...CHANGES, isForUnreadyLogin: 'second-factor'},
		routes: ['POST /auth/second-factor', 'POST /auth/second-factor/confirm'],
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'renew-recovery-codes': {
		...{
			title: 'Make other recovery codes',
			...OF_PEOPLE,
			...CHANGES,
			routes: ['POST /auth/second-factor/recovery-codes'],
		},
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'disable-second-factor': {
		...{title: 'Do without the second factor again', ...OF_PEOPLE, ...CHANGES},
		...{routes: ['POST /auth/second-factor/disable'], key: null, page: 'Account', command: null, ssh: null},
	},
	'see-sessions': {
		...{title: 'See where one is logged in', ...OF_PEOPLE, ...READS, routes: ['GET /sessions']},
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'end-session': {
		...{title: 'End a login of one’s own', ...OF_PEOPLE, ...CHANGES, routes: ['DELETE /sessions/:id']},
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'see-tokens': {
		...{title: 'See the tokens of one’s programs', ...OF_PEOPLE, ...READS, routes: ['GET /tokens']},
		...{key: null, page: 'Account', command: 'token list', ssh: null},
	},
	'make-token': {
		...{title: 'Make a token for a program', ...OF_PEOPLE, ...CHANGES, routes: ['POST /tokens']},
		...{key: null, page: 'Account', command: 'token create', ssh: null},
	},
	'revoke-token': {
		...{title: 'Withdraw a token', ...OF_PEOPLE, ...CHANGES, routes: ['DELETE /tokens/:id']},
		...{key: null, page: 'Account', command: 'token revoke', ssh: null},
	},
	invite: {
		...{title: 'Invite somebody to make an account', ...OF_ADMINS, ...CHANGES, routes: ['POST /invitations']},
		...{...ON_ADMIN_PAGE, command: null},
	},
	'see-invitations': {
		...{title: 'See invitations that can be used', ...OF_ADMINS, ...READS, routes: ['GET /invitations']},
		...{...ON_ADMIN_PAGE, command: null},
	},
	'withdraw-invitation': {
		...{title: 'Withdraw an invitation', ...OF_ADMINS, ...CHANGES, routes: ['DELETE /invitations/:id']},
		...{...ON_ADMIN_PAGE, command: null},
	},
	'add-user': {
		...{title: 'Make an account for somebody', ...OF_ADMINS, ...CHANGES, routes: []},
		...{key: null, page: null, command: 'users add', ssh: null},
	},
	'see-users': {
		...{title: 'See all accounts', ...OF_ADMINS, ...READS, routes: ['GET /users', 'GET /users/:id']},
		...{...ON_ADMIN_PAGE, command: 'users list'},
	},
	'change-user': {
		...{title: 'Give an account another role, disable or enable it', ...OF_ADMINS, ...CHANGES},
		...{...ON_ADMIN_PAGE, routes: ['PATCH /users/:id'], command: 'users role, disable, enable'},
	},
	'reset-password': {
		...{title: 'Give an account a password to begin with', ...OF_ADMINS, ...CHANGES},
		...{...ON_ADMIN_PAGE, routes: ['POST /users/:id/reset'], command: 'users reset'},
	},
	'reset-second-factor': {
		...{title: 'Take the second factor from an account that has lost it', ...OF_ADMINS, ...CHANGES},
		...{...ON_ADMIN_PAGE, routes: ['DELETE /users/:id/second-factor'], command: 'users reset-2fa'},
	},
	'read-audit': {
		...{
			title: 'See who has done what',
			role: 'admin',
			scope: 'admin:audit',
			reach: 'all',
			...READS,
			routes: ['GET /audit'],
		},
		...{...ON_ADMIN_PAGE, command: 'audit export, verify'},
	},
	'see-sessions-of-user': {
		...{title: 'See where an account is logged in', ...OF_ADMINS, ...READS, routes: ['GET /users/:id/sessions']},
		...{...ON_ADMIN_PAGE, page: 'Admin', command: null},
	},
	'end-session-of-user': {
		...{title: 'End a login of an account', ...OF_ADMINS, ...CHANGES},
		...{...ON_ADMIN_PAGE, page: 'Admin', routes: ['DELETE /users/:id/sessions/:session'], command: null},
	},
	'end-sessions': {
		...{title: 'End all logins of an account', ...OF_ADMINS, ...CHANGES},
		...{...ON_ADMIN_PAGE, routes: ['DELETE /users/:id/sessions'], command: null},
	},
	upload: {
		...{title: 'Send a file in', ...OF_UPLOADERS, ...CHANGES},
		isForLinks: true,
		routes: ['POST /upload', 'PUT /files/:id', 'PATCH /uploads/:id'],
		...{key: 'u', page: 'Drop files', command: 'push', ssh: 'run -, sftp put'},
	},
	'begin-upload': {
		...{
			title: 'Announce a file that comes in pieces',
			isForLinks: true,
			...OF_UPLOADERS,
			...CHANGES,
			...API_ONLY,
			routes: ['POST /uploads'],
		},
	},
	'see-upload': {
		...{title: 'See how far an upload is', ...OF_UPLOADERS, ...READS, ...API_ONLY},
		isForLinks: true,
		routes: ['OPTIONS /uploads', 'HEAD /uploads/:id', 'GET /uploads/:id'],
	},
	'give-up-upload': {
		...{title: 'Give an upload up', ...OF_UPLOADERS, ...CHANGES, ...API_ONLY, routes: ['DELETE /uploads/:id']},
		isForLinks: true,
		page: 'Give up',
	},
	'see-drop': {
		...{title: 'See what came by a drop link', ...OF_UPLOADERS, reach: 'server', ...READS, isForLinks: true},
		...{...API_ONLY, page: 'Drop page', routes: ['GET /drop']},
	},
	'see-drop-links': {
		...{title: 'See one’s links for others to send files in', ...OF_PEOPLE, role: 'user', ...READS},
		...{routes: ['GET /droplinks'], key: null, page: 'Account', command: null, ssh: null},
	},
	'make-drop-link': {
		...{title: 'Make a link for others to send files in', ...OF_PEOPLE, role: 'user', ...CHANGES},
		...{routes: ['POST /droplinks'], key: null, page: 'Account', command: null, ssh: null},
	},
	'withdraw-drop-link': {
		...{title: 'Withdraw such a link', ...OF_PEOPLE, role: 'user', ...CHANGES, routes: ['DELETE /droplinks/:id']},
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'see-files': {
		...{
			title: 'See one’s files',
			...OF_READERS,
			...READS,
			routes: ['GET /files', 'GET /files/:id', 'GET /files/:id/preview'],
		},
		...{key: '1', page: 'Files', command: 'files', ssh: 'files, sftp ls'},
	},
	'fetch-file': {
		...{title: 'Fetch a file as it was sent in', ...OF_READERS, ...READS, routes: ['GET /files/:id/original']},
		...{key: null, page: 'Download', command: 'get', ssh: 'get, sftp get'},
	},
	'delete-file': {
		...{title: 'Remove a file', ...OF_UPLOADERS, ...CHANGES, routes: ['DELETE /files/:id']},
		...{key: null, page: 'Remove', command: null, ssh: null},
	},
	start: {
		...{title: 'Start a task', ...OF_USERS, ...CHANGES, routes: ['POST /run']},
		...{key: 'u, n', page: 'Start', command: 'run', ssh: 'run, sftp put'},
	},
	'read-object': {
		// Whatever the credentials of the server may read.
		...{
			title: 'Have an object of a store processed, with the credentials of the server',
			...OF_USERS,
			role: 'operator',
		},
		...{reach: 'server', ...CHANGES, ...API_ONLY, routes: [], ssh: 'run s3://…'},
	},
	cancel: {
		...{
			title: 'Cancel a task',
			...OF_USERS,
			...CHANGES,
			...OPERATORS_ALL,
			routes: ['DELETE /run/:id', 'POST /run/:id/cancel'],
		},
		...{key: 'x', page: 'Cancel', command: 'cancel', ssh: 'cancel'},
	},
	retry: {
		...{title: 'Try a task again', ...OF_USERS, ...CHANGES, ...OPERATORS_ALL, routes: ['POST /run/:id/retry']},
		...{key: 'r', page: 'Retry', command: 'retry', ssh: 'retry'},
	},
	bulk: {
		...{title: 'Cancel, retry, delete or run all that match', ...OF_USERS, ...CHANGES},
		routes: ['POST /bulk', 'DELETE /bulk/:id'],
		...{key: 'a', page: 'All that match', command: 'cancel, retry', ssh: 'retry --q, cancel --q'},
	},
	'see-bulk': {
		...{title: 'See how far such an action is', ...OF_READERS, ...READS, routes: ['GET /bulk', 'GET /bulk/:id']},
		...{key: null, page: 'All that match', command: null, ssh: null},
	},
	pause: {
		...{
			title: 'Hold a task, and let it go on',
			...OF_USERS,
			...CHANGES,
			...OPERATORS_ALL,
			routes: ['POST /run/:id/pause', 'POST /run/:id/resume'],
		},
		...{key: 'P', page: 'Pause', command: 'pause, resume', ssh: 'pause, resume'},
	},
	'see-tasks': {
		...{
			title: 'See one’s tasks',
			...OF_READERS,
			...READS,
			...OPERATORS_ALL,
			routes: ['GET /run', 'GET /run/:id', 'GET /history'],
		},
		...{key: '5', page: 'History', command: 'history', ssh: 'history'},
	},
	watch: {
		...{title: 'Follow tasks and files as they change', ...OF_READERS, ...READS},
		routes: ['GET /events', 'GET /run/:id/events', 'GET /ws'],
		...{key: null, page: 'The list itself', command: 'events', ssh: 'events'},
	},
	'read-result': {
		...{title: 'Read results and rejected records', ...OF_READERS, ...READS},
		routes: [
			...[
				'GET /results',
				'POST /results/combined',
				'GET /results/:name',
				'GET /results/:id/tables',
				'GET /results/:id/rejects.csv',
			],
			...['GET /files/:id/result', 'GET /files/:id/result.:ending', 'GET /files/:id/rejects.csv'],
		],
		...{key: 'Enter, e, E', page: 'Download', command: 'get', ssh: 'get, sftp get'},
	},
	'see-mappings': {
		...{title: 'See one’s mappings of columns', ...OF_READERS, ...READS},
		routes: ['GET /mappings', 'GET /mappings/:name', 'GET /mappings/:name/versions'],
		...{key: null, page: 'Columns', command: null, ssh: null},
	},
	'change-mappings': {
		...{title: 'Save or remove a mapping of columns', ...OF_USERS, ...CHANGES},
		routes: ['PUT /mappings/:name', 'DELETE /mappings/:name'],
		...{key: null, page: 'Columns', command: null, ssh: null},
	},
	'see-webhooks': {
		...{title: 'See where one is notified, and what was sent', ...OF_READERS, ...READS},
		routes: ['GET /webhooks', 'GET /webhooks/:id', 'GET /webhooks/:id/deliveries', 'GET /deliveries/:id'],
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'change-webhooks': {
		// A token that leaks is not to lead notices elsewhere.
		...{title: 'Choose where one is notified, and send notices again', ...OF_USERS, scope: null, ...CHANGES},
		routes: [
			...['POST /webhooks', 'PATCH /webhooks/:id', 'DELETE /webhooks/:id', 'POST /webhooks/:id/secret'],
			...['POST /webhooks/:id/test', 'POST /webhooks/:id/confirm', 'POST /deliveries/:id/resend'],
		],
		...{key: null, page: 'Account', command: null, ssh: null},
	},
	'see-usage': {
		...{title: 'See what one has used of one’s quota', ...OF_READERS, ...READS, routes: ['GET /usage']},
		...{key: null, page: 'Overview', command: null, ssh: null},
	},
	'see-limits': {
		...{title: 'See what there is to ask for, and how much of it', ...OF_READERS, ...READS, ...API_ONLY},
		routes: ['GET /tasks', 'GET /limits'],
	},
	'see-stats': {
		...{title: 'See figures of one’s tasks, as an operator of all', ...OF_READERS, ...READS, routes: ['GET /stats']},
		...{key: null, page: 'Overview', command: null, ssh: null},
	},
	'see-inbox': {
		...{title: 'See the folder that is watched beside', role: 'operator', scope: 'read', reach: 'server', ...READS},
		...{routes: ['GET /inbox'], key: '6', page: 'Inbox', command: null, ssh: null},
	},
	'retry-inbox': {
		...{title: 'Try failed files of that folder again, also on another route', role: 'operator', scope: 'run'},
		...{reach: 'server', ...CHANGES, routes: ['POST /inbox/retry']},
		...{key: 'r, R, t', page: 'Inbox', command: null, ssh: null},
	},
	'pause-inbox': {
		...{title: 'Have no further file of that folder taken, and go on', role: 'operator', scope: 'run'},
		...{reach: 'server', ...CHANGES, routes: ['POST /inbox/pause', 'POST /inbox/resume']},
		...{key: 'p', page: 'Inbox', command: null, ssh: null},
	},
	'back-up': {
		...{title: 'Copy all that the server has to a file, and put it back elsewhere', role: 'admin', scope: null},
		...{reach: 'server', ...CHANGES, routes: [], key: null, page: null, command: 'backup, restore', ssh: null},
	},
	'see-usage-of-all': {
		...{title: 'See what each account has used', role: 'operator', scope: 'read', reach: 'all', ...READS},
		...{...ON_ADMIN_PAGE, routes: ['GET /usage/users'], command: null},
	},
	'read-metrics': {
		...{title: 'Read metrics', role: 'operator', scope: 'read', reach: 'server', ...READS, isForMonitoring: true},
		...{...API_ONLY, routes: ['GET /metrics']},
	},
	'see-health': {
		...{title: 'See how the server is', ...PUBLIC, ...READS, ...API_ONLY},
		routes: ['GET /health', 'GET /livez', 'GET /readyz', 'GET /healthz', 'GET /run/status'],
	},
	'open-page': {
		...{title: 'Open the page', ...PUBLIC, ...READS, key: null, page: 'The page itself', command: null, ssh: null},
		routes: ['GET /', 'GET /app', 'GET /app/:view', 'GET /app/:view/:part'],
	},
	'read-docs': {
		...{title: 'Read the description of the server', ...PUBLIC, ...READS, ...API_ONLY},
		routes: [
			...['GET /openapi.json', 'GET /docs', 'GET /docs/style.css', 'GET /docs/actions', 'GET /docs/problems/:code'],
			'GET /.well-known/api-catalog',
			'GET /.well-known/security.txt',
		],
	},
} as const satisfies Readonly<Record<string, Action>>;

export type ActionName = keyof typeof ACTIONS;

export const ACTION_LIST: readonly (Action & {readonly name: ActionName})[] = Object.entries(ACTIONS).map(
	([name, action]) => ({...action, name: name as ActionName}),
);

const BY_ROUTE: ReadonlyMap<string, ActionName> = new Map(
	ACTION_LIST.flatMap(({name, routes}) => routes.map(route => [route, name] as const)),
);

/** @param route - As `GET /files/:id`; `undefined`: no action has it. */
export const actionOfRoute = (route: string): ActionName | undefined => BY_ROUTE.get(route);
