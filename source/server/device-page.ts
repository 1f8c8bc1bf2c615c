// The page where a person lets a program in: a form without a script, which works in any browser.
import type {DeviceRequest} from './device-logins.ts';
import {escapeHtml, pageOf} from './openapi/docs-page.ts';
import {timeOf} from './time-of.ts';

export interface DevicePage {
	/** As typed. */
	readonly code: string;
	/** Who is logged in in this browser; `null`: nobody, so name and password are asked for. */
	readonly name: string | null;
	/** Where the provider of logins is gone to; `null`: there is none. */
	readonly providerUrl: string | null;
	/** What went wrong; `null`: nothing. */
	readonly fault: string | null;
	/** The program that the code is of; `null`: it is not known yet. */
	readonly asks: DeviceRequest | null;
}

const field = (label: string, name: string, attributes: string): string =>
	`<p><label>${label}<br><input name="${name}" ${attributes}></label></p>`;

const LOGIN = [
	field('Name', 'name', 'required autocomplete="username"'),
	field('Password', 'password', 'required type="password" autocomplete="current-password"'),
	field(
		'Code of the second factor, where the account has one',
		'second_factor',
		'autocomplete="one-time-code" inputmode="text"',
	),
].join('\n');

export function devicePage({code, name, providerUrl, fault, asks}: DevicePage): string {
	const shown = field(
		'Code that the program shows',
		'user_code',
		`required autocomplete="off" spellcheck="false" maxlength="20" value="${escapeHtml(code)}"`,
	);
	const elsewhere =
		providerUrl === null
			? ''
			: `<p><a href="${escapeHtml(`${providerUrl}?to=${encodeURIComponent(`/device?user_code=${code.slice(0, 20)}`)}`)}">Log in by the provider of the company</a>, or:</p>\n`;
	const who = name === null ? elsewhere + LOGIN : `<p>You are logged in as <b>${escapeHtml(name)}</b>.</p>`;
	const told = fault === null ? '' : `<p role="alert"><b>${escapeHtml(fault)}</b></p>`;
	const buttons =
		asks === null
			? '<p><button name="decision" value="look">Go on</button></p>'
			: `<p>It calls itself <code>${escapeHtml(asks.client || 'nothing')}</code>, and asked at ${timeOf(asks.createdAt)} from <code>${escapeHtml(asks.askedFrom)}</code>.
It may then do all that you may. Let it in only if it is yours, and shows this code at this moment.</p>
<p><button name="decision" value="allow">Let it in</button> <button name="decision" value="deny">Refuse it</button></p>`;
	return pageOf(
		'Let a program in',
		`${told}<form method="post" action="/device">\n${shown}\n${who}\n${buttons}\n</form>`,
	);
}

export const decidedPage = (decision: 'allow' | 'deny'): string =>
	decision === 'allow'
		? pageOf('The program is let in', '<p>It goes on by itself within seconds. You may close this page.</p>')
		: pageOf('The program is refused', '<p>It is told so. You may close this page.</p>');
