// What the routes of accounts answer with: logins, tokens, invitations, users, and who has done what.
import {ACTIONS} from '../actions.ts';
import {ROLES} from '../roles.ts';
import type {RouteAnswers} from './answers.ts';
import {boolean, integer, list, nullable, object, oneOf, open, page, string, time} from './shapes.ts';

const role = oneOf(...ROLES);
const user = object({id: string, name: string, role});
const account = object({
	...{id: string, name: string, role, is_disabled: boolean, must_change_password: boolean},
	has_second_factor: boolean,
	...{created_at: time, last_used_at: nullable(time)},
});
const token = {
	...{id: string, name: string, scopes: list(string), created_at: time, expires_at: nullable(time)},
	...{last_used_at: nullable(time), last_used_from: nullable(string)},
};
const invitation = {id: string, role, created_by: nullable(string), created_at: time, expires_at: time};
const session = object({
	...{id: string, client: nullable(string), is_current: boolean, created_at: time, expires_at: time},
	...{ends_unused_at: time, last_used_at: time, last_used_from: nullable(string)},
});
const dropped = {
	...{name: string, max_bytes: integer, max_files: integer, used_bytes: integer, used_files: integer},
	...{created_at: time, expires_at: time},
};
const dropLink = {id: string, ...dropped, last_used_at: nullable(time)};
const auditLine = object({
	...{
		number: integer,
		at: time,
		account: nullable(string),
		by: oneOf('login', 'token', 'link', 'nobody', 'open', 'command', 'server'),
	},
	...{
		token: nullable(string),
		from: nullable(string),
		action: oneOf(...Object.keys(ACTIONS)),
		subject: nullable(string),
	},
	...{details: open({}), outcome: oneOf('done', 'refused'), code: nullable(string), times: integer},
	...{request: nullable(string), hash: string},
});

export const ACCOUNT_ANSWERS: Readonly<Record<string, RouteAnswers>> = {
	'POST /auth/register': {summary: 'Make an account', answers: {201: object({user})}},
	'POST /auth/login': {
		summary: 'Log in, for a token and the cookie of the page',
		answers: {
			200: object({
				...{token: string, expires_at: time, user, 'must_change_password?': boolean},
				'must_enrol_second_factor?': boolean,
			}),
		},
	},
	'GET /auth/methods': {
		summary: 'By what one may log in',
		answers: {
			200: object({
				...{password: boolean, registration: oneOf('invitation', 'open', 'closed')},
				provider: nullable(object({issuer: string, url: string})),
			}),
		},
	},
	'GET /auth/oidc': {summary: 'Log in by the provider of the company: the browser goes there', answers: {302: null}},
	'GET /auth/oidc/callback': {summary: 'Where the provider sends the browser back to', answers: {200: 'text/html'}},
	'POST /auth/device/code': {
		summary: 'Begin to log a program in that somebody lets in from elsewhere (RFC 8628)',
		answers: {
			200: object({
				...{device_code: string, user_code: string, verification_uri: string, verification_uri_complete: string},
				...{expires_in: integer, interval: integer},
			}),
		},
	},
	'POST /auth/device/token': {
		summary: 'Ask whether the program has been let in, for its token',
		answers: {
			200: object({...{access_token: string, token_type: string, expires_in: integer}, expires_at: time, user}),
		},
	},
	'GET /auth/device/:code': {
		summary: 'Which program asks to be let in by this code',
		answers: {200: object({...{client: string, asked_from: string}, created_at: time, expires_at: time})},
	},
	'POST /auth/device/:code/allow': {summary: 'Let the program in', answers: {204: null}},
	'POST /auth/device/:code/deny': {summary: 'Refuse the program', answers: {204: null}},
	'GET /device': {summary: 'A page to let a program in by its code', answers: {200: 'text/html'}},
	'POST /device': {
		summary: 'What that page sends',
		answers: {200: 'text/html', 400: 'text/html', 401: 'text/html', 404: 'text/html', 429: 'text/html'},
	},
	'POST /droplinks': {
		summary: 'Make a link for others to send files in; its token is shown once',
		answers: {201: object({...dropLink, token: string})},
	},
	'GET /droplinks': {
		summary: 'One’s links for others to send files in',
		answers: {200: object({droplinks: list(object(dropLink))})},
	},
	'DELETE /droplinks/:id': {summary: 'Withdraw such a link; what has come stays', answers: {204: null}},
	'GET /drop': {
		summary: 'By the token of such a link: what has come by it, and what still may',
		answers: {
			200: object({
				...dropped,
				files: list(object({name: string, size: integer, sha256: string, received_at: time})),
				next_cursor: nullable(string),
			}),
		},
	},
	'POST /auth/logout': {summary: 'Log out', answers: {204: null}},
	'GET /auth/me': {
		summary: 'Who has logged in; the scopes of a token, and null where all may be done that the role may',
		answers: {200: object({id: string, name: string, role, scopes: nullable(list(string))})},
	},
	'POST /auth/password': {summary: 'Choose another password, which ends all other logins', answers: {204: null}},
	'GET /auth/second-factor': {
		summary: 'Whether one has a second factor, or must have one',
		answers: {
			200: object({
				...{is_enrolled: boolean, is_required: boolean, enrolled_at: nullable(time), recovery_codes_left: integer},
			}),
		},
	},
	'POST /auth/second-factor': {
		summary: 'Begin to add a second factor: an app takes the secret or the URI, and confirm its first code',
		answers: {201: object({secret: string, uri: string})},
	},
	'POST /auth/second-factor/confirm': {
		summary: 'Confirm it by a code of the app, for ten recovery codes; ends all other logins',
		answers: {200: object({recovery_codes: list(string)})},
	},
	'POST /auth/second-factor/recovery-codes': {
		summary: 'Ten other recovery codes; those from before are of no use any more',
		answers: {200: object({recovery_codes: list(string)})},
	},
	'POST /auth/second-factor/disable': {summary: 'Log in without a second factor again', answers: {204: null}},
	'GET /sessions': {summary: 'Where one is logged in', answers: {200: object({sessions: list(session)})}},
	'DELETE /sessions/:id': {summary: 'End a login', answers: {204: null}},
	'POST /tokens': {
		summary: 'Make a token for a program, which is shown only once',
		answers: {201: object({...token, token: string})},
	},
	'GET /tokens': {summary: 'The tokens of one’s programs', answers: {200: object({tokens: list(object(token))})}},
	'DELETE /tokens/:id': {summary: 'Withdraw a token', answers: {204: null}},
	'GET /audit': {
		summary: 'Who has done what, the newest line first, and where the log ends',
		answers: {
			200: object({
				lines: list(auditLine),
				head: object({number: integer, hash: string}),
				next_cursor: nullable(string),
			}),
		},
	},
	'POST /invitations': {summary: 'Invite somebody', answers: {201: object({...invitation, invitation: string})}},
	'GET /invitations': {
		summary: 'Invitations that can be used',
		answers: {200: object({invitations: list(object(invitation))})},
	},
	'DELETE /invitations/:id': {summary: 'Withdraw an invitation', answers: {204: null}},
	'GET /users': {summary: 'All accounts', answers: {200: page('users', account)}},
	'GET /users/:id': {summary: 'An account', answers: {200: account}},
	'PATCH /users/:id': {summary: 'Give an account another role, disable or enable it', answers: {200: account}},
	'POST /users/:id/reset': {
		summary: 'Make a password for somebody, which they must change',
		answers: {200: object({user: account, password: string})},
	},
	'DELETE /users/:id/second-factor': {
		summary: 'Take the second factor from an account that has lost it, and end its logins',
		answers: {204: null},
	},
	'GET /users/:id/sessions': {
		summary: 'Where an account is logged in',
		answers: {200: object({sessions: list(session)})},
	},
	'DELETE /users/:id/sessions/:session': {summary: 'End a login of an account', answers: {204: null}},
	'DELETE /users/:id/sessions': {summary: 'End all logins of an account', answers: {204: null}},
};
