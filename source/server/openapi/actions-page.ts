// The table of actions as a page: who may do what, and by which doors.
import {ACTION_LIST, type Action, type Door} from '../actions.ts';
import {escapeHtml, pageOf} from './docs-page.ts';

const HEADINGS = ['Action', 'Least role', 'Reaches', 'Scope of a token', 'Routes', 'Command', 'Key', 'Page', 'SSH'];

const REACHES: Readonly<Record<Action['reach'], string>> = {
	own: 'what is one’s own',
	all: 'all accounts',
	server: 'the server',
};

export function actionsPage(): string {
	const rows = ACTION_LIST.map(
		({title, role, reach, scope, routes, command, key, page, ssh}) =>
			`<tr>${[
				...[escapeHtml(title), role ?? 'anybody', REACHES[reach]],
				...[role === null ? 'none is needed' : (scope ?? 'no program may')],
				routes.map(codeOf).join('<br>'),
				...[command, key, page, ssh].map(textOf),
			]
				.map(cell => `<td>${cell}`)
				.join('')}`,
	);
	return pageOf(
		'Actions and roles',
		`<p>Each role may do what those in front of it may: viewer, uploader, user, operator, admin. Paths are behind <code>/api/v1</code>.
<table>
<tr>${HEADINGS.map(heading => `<th>${heading}`).join('')}
${rows.join('\n')}
</table>
<p><a href="/docs">All routes and problems</a>`,
	);
}

const codeOf = (text: string): string => `<code>${escapeHtml(text)}</code>`;

const textOf = (door: Door): string => (door === null ? '–' : codeOf(door));
