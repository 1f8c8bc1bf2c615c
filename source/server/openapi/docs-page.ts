// The description of the server as pages, made of the same tables: without scripts, and with one style sheet of their own.

import {pathOfProblem} from '../problem.ts';
import {PROBLEMS, type ProblemCode} from '../problem-catalog.ts';
import type {ProblemEntry} from '../problem-entry.ts';
import type {Schema} from './shapes.ts';

/** As `/openapi.json` has it, as far as the page shows it. */
export interface Description {
	readonly paths?: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
	readonly summary?: string;
	readonly security?: readonly object[];
	readonly parameters?: readonly {readonly name: string; readonly in: string; readonly description?: string}[];
	readonly requestBody?: {readonly content?: Readonly<Record<string, {readonly schema?: Schema}>>};
	readonly responses?: Readonly<
		Record<string, {readonly content?: Readonly<Record<string, {readonly schema?: Schema}>>}>
	>;
}

export const STYLE = `body {font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark}
code, pre {font: 0.9em/1.4 ui-monospace, monospace}
pre {overflow-x: auto; padding: 0.5rem; border: 1px solid; border-radius: 4px}
h2 {margin-top: 2.5rem}
table {border-collapse: collapse; display: block; overflow-x: auto}
th, td {border: 1px solid; padding: 0.25rem 0.5rem; text-align: start; vertical-align: top}
section {border-top: 1px solid; padding: 0.5rem 0}
`;

export const escapeHtml = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="/docs/style.css">
<h1>${escapeHtml(title)}</h1>
${body}
</html>
`;

export function referencePage({paths = {}}: Description, version: string): string {
	const routes = Object.entries(paths)
		// The same is there without the version, as systems before had it.
		.filter(([path]) => !path.startsWith('/api/') || path.startsWith('/api/v1/'))
		.flatMap(([path, operations]) =>
			Object.entries(operations).map(([method, operation]) => sectionOf(method.toUpperCase(), path, operation)),
		);
	const problems = Object.keys(PROBLEMS).map(code => {
		const path = `/docs/problems/${pathOfProblem(code as ProblemCode)}`;
		return `<li><a href="${path}"><code>${code}</code></a>: ${escapeHtml(PROBLEMS[code as ProblemCode].title)}`;
	});
	return pageOf(
		`fileproc-tui ${version}`,
		`<p>All of it is in <a href="/openapi.json">/openapi.json</a>, and who may do what in <a href="/docs/actions">actions and roles</a>. A token goes into the header <code>Authorization: Bearer …</code>.
<h2>Routes</h2>
${routes.join('\n')}
<h2>Problems</h2>
<ul>
${problems.join('\n')}
</ul>`,
	);
}

function sectionOf(method: string, path: string, operation: Operation): string {
	const {summary = '', security, parameters = [], requestBody, responses = {}} = operation;
	const named = parameters.map(
		({name, in: place, description}) =>
			`<li><code>${escapeHtml(name)}</code> (${place})${description === undefined ? '' : `: ${escapeHtml(description)}`}`,
	);
	const answers = Object.entries(responses)
		.filter(([status]) => /^\d+$/.test(status))
		.map(([status, {content = {}}]) => {
			const kinds = Object.entries(content).map(([type, {schema}]) => `<code>${type}</code>${shapeOf(schema)}`);
			return `<p>${status} ${kinds.join(' ')}`;
		});
	return `<section>
<h3><code>${method} ${escapeHtml(path)}</code></h3>
<p>${escapeHtml(summary)}.${security === undefined ? ' Anybody may call it.' : ''}
${named.length === 0 ? '' : `<ul>${named.join('')}</ul>`}
${Object.values(requestBody?.content ?? {})
	.map(({schema}) => `<p>Body:${shapeOf(schema)}`)
	.join('\n')}
${answers.join('\n')}
</section>`;
}

function shapeOf(schema: Schema | undefined): string {
	if (schema?.properties === undefined) return '';
	return `<pre>${escapeHtml(outlineOf(schema, ''))}</pre>`;
}

function outlineOf({type, anyOf, enum: values, items, properties, required = []}: Schema, indent: string): string {
	if (anyOf !== undefined) return anyOf.map(each => outlineOf(each, indent)).join(' | ');
	if (values !== undefined) return values.map(value => JSON.stringify(value)).join(' | ');
	if (items !== undefined) return `[${outlineOf(items, indent)}, …]`;
	if (properties === undefined) return [type ?? 'any'].flat().join(' | ');
	const further = `${indent}  `;
	const members = Object.entries(properties).map(
		([name, each]) => `${further}${name}${required.includes(name) ? '' : '?'}: ${outlineOf(each, further)}`,
	);
	return members.length === 0 ? '{…}' : `{\n${members.join('\n')}\n${indent}}`;
}

const BY_PATH = new Map(
	Object.entries(PROBLEMS).map(([code, entry]) => [pathOfProblem(code as ProblemCode), {code, entry}] as const),
);

/** `null`: there is no such problem. */
export function problemPage(path: string): string | null {
	const found = BY_PATH.get(path);
	if (found === undefined) return null;
	const {title, status, meaning, remedy}: ProblemEntry = found.entry;
	return pageOf(
		title,
		`<p><code>${found.code}</code>, with the status ${status}.
<p>${escapeHtml(meaning)}
<p>${escapeHtml(remedy)}
<p><a href="/docs">All routes and problems</a>`,
	);
}
