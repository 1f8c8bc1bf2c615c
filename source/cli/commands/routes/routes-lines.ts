// What `routes check` says, for people.
import {relative} from 'node:path';
import type {JsonObject, Match, Route, Step} from '../../../pipeline/pipeline.ts';
import {describeBytes, describeNames, describeSize, inOneLine} from '../../../pipeline/routes/choose/describe-terms.ts';
import type {LoadedPipeline} from '../../../pipeline/routes/load-pipeline.ts';
import type {ClassicSettings} from '../../../pipeline/routes/written.ts';
import {wrap} from '../../../report/wrap.ts';
import {quantity} from '../../../text/format.ts';
import {joinWords} from '../../../text/join-words.ts';
import {displayPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {displayWidth} from '../../../text/width.ts';
import {type RoutedFile, tagsThatLeadTo} from './routes-json.ts';

export interface RoutesLook {
	readonly columns: number;
	readonly ascii: boolean;
}

/** Each route with what it takes, and a line for each of its steps. */
export function routesLines(
	{pipeline: {routes}, path, classic}: LoadedPipeline,
	file: string,
	look: RoutesLook,
): string[] {
	const label = safe(displayPath(file));
	const ways = routes.flatMap((route, index) => {
		const number = `${index + 1}`.padStart(String(routes.length).length);
		const taken = describeMatch(route, tagsThatLeadTo(route, routes));
		return [
			...hanging(`${number}. ${safe(route.tag)}:`, taken, look),
			...(route.steps.length === 0 ? ['   (no steps: the file is only moved)'] : []),
			...route.steps.flatMap(step => stepLines(step, path, look)),
		];
	});
	return [
		...hanging(
			`${label}:`,
			`${quantity(routes.length, 'route')}, and nothing is wrong with ${routes.length === 1 ? 'it' : 'them'}.`,
			look,
		),
		...(classic === null ? [] : hanging('It also has', describeClassic(classic), look)),
		'',
		...ways,
	];
}

/** What `log_processor_config.json` says beside its processors. */
function describeClassic({watchDir, dashboard, recovery}: ClassicSettings): string {
	const parts = [
		...(watchDir === null ? [] : [`the folder ${inOneLine(watchDir)}`]),
		...(recovery === null
			? []
			: [recovery.enabled ? describeRecovery(recovery.checkInterval) : 'recovery only at the start']),
		...(dashboard === null
			? []
			: [`a dashboard at ${inOneLine([dashboard.host, dashboard.port].filter(part => part !== null).join(':'))}`]),
	];
	return `${parts.length === 0 ? 'nothing else' : joinWords(parts, 'and')}.`;
}

const describeRecovery = (seconds: number | null): string =>
	seconds === null ? 'recovery' : `recovery every ${seconds} s`;

function describeMatch({match}: Route, from: readonly string[]): string {
	const sent =
		from.length === 0
			? ''
			: `what ${joinWords(from.map(inOneLine), 'and')} ${from.length === 1 ? 'sends' : 'send'} here`;
	if (match === null) return `only ${sent}`;
	const own = match === 'any' ? 'every file that is left' : `files with ${joinWords(describeTerms(match), 'and')}`;
	return sent === '' ? own : `${own}, and ${sent}`;
}

function describeTerms(match: Match): string[] {
	const {name, size, folder, columns, dialect, firstBytes, contains, matches} = match;
	return [
		...(name === undefined ? [] : [`a name like ${describeNames(name)}`]),
		...(size === undefined ? [] : [`a size of ${describeSize(size)}`]),
		...(folder === undefined ? [] : [`a place in ${joinWords(folder.map(nameFolder), 'or')}`]),
		...(columns === undefined ? [] : [`the ${columns.length === 1 ? 'column' : 'columns'} ${describeNames(columns)}`]),
		...(dialect === undefined ? [] : [`the dialect ${describeSettings(dialect)}`]),
		...(firstBytes === undefined ? [] : [`the first bytes ${describeBytes(firstBytes)}`]),
		...(contains === undefined ? [] : [`${inOneLine(contains)} in the text`]),
		...(matches === undefined ? [] : [`a line that fits ${inOneLine(matches)}`]),
	];
}

const nameFolder = (folder: string): string => (folder === '' ? 'no folder' : `the folder ${inOneLine(folder)}`);

const describeSettings = (settings: JsonObject): string =>
	Object.entries(settings)
		.map(([name, value]) => `${safe(name)} ${safe(JSON.stringify(value))}`)
		.join(', ');

function stepLines({processor, with: settings, tags}: Step, path: string, look: RoutesLook): string[] {
	const isModule = processor.startsWith('/');
	const label = isModule ? relative(`${path}/..`, processor) : processor;
	const arrow = look.ascii ? '->' : '→';
	const ways = Object.entries(tags).map(([said, to]) => `${inOneLine(said)} ${arrow} ${safe(to)}`);
	const told = [describeSettings(settings), ways.join(', ')].filter(part => part !== '').join('; ');
	return hanging(`   ${safe(displayPath(label))}${told === '' ? '' : ':'}`, told, look);
}

/** The route of a file, and why it has not taken those in front. */
export function routedFileLines({file, route, passed, error}: RoutedFile, look: RoutesLook): string[] {
	const label = safe(file);
	const arrow = look.ascii ? '->' : '→';
	if (error !== null) return hanging(label, `cannot be read: ${error.code}: ${safe(error.message)}`, look);
	const end = route === null ? 'no route: it would fail (NO_ROUTE)' : safe(route);
	return [
		...hanging(`${label} ${arrow}`, end, look),
		...passed.flatMap(({tag, term, expected, found}) =>
			hanging(`   not ${safe(tag)}:`, `${term}: expected ${safe(expected)}; found ${safe(found)}`, look),
		),
	];
}

const INDENT = '        ';

/** A label, and a text behind it that goes on below. */
function hanging(label: string, text: string, {columns, ascii}: RoutesLook): string[] {
	if (text === '') return [label];
	if (displayWidth(`${label} ${text}`) <= columns) return [`${label} ${text}`];
	const width = Math.max(20, columns - INDENT.length);
	const [first = '', ...rest] = wrap(`${label.trimStart()} ${text}`, width, Number.POSITIVE_INFINITY, {ascii});
	const start = ' '.repeat(label.length - label.trimStart().length);
	return [start + first, ...rest.map(line => INDENT + line)];
}
