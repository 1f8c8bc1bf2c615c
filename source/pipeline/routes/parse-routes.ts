// The list of routes, each with what it matches and its steps: what is wrong in one of them is told, and the others are read.
import {describeFound, type ReportIssue, withoutRepeats} from '../../text/json-values.ts';
import type {JsonNode} from '../../text/parse-json.ts';
import {quoted} from '../../text/quoted.ts';
import type {JsonObject} from '../pipeline.ts';
import {parseMatch} from './parse-match.ts';
import {readMembers, readText, readValue, within} from './read-json.ts';
import type {WrittenExit, WrittenRoute, WrittenStep} from './written.ts';

const ROUTE = {keys: ['tag', 'match', 'steps'], example: '{"tag": "all", "match": "any", "steps": []}'} as const;
const STEP = {keys: ['processor', 'with', 'tags'], example: '{"processor": "analyze"}'} as const;

/** Far more than anybody writes; each is tried for each file. */
export const MAX_ROUTES = 1000;

export interface WrittenRoutes {
	readonly routes: readonly WrittenRoute[];
	/** Whether all tags and all that leads to them could be read: otherwise nothing can be said of what is missing. */
	readonly areWhole: boolean;
}

export function parseRoutes(node: JsonNode, path: string, reportIssue: ReportIssue): WrittenRoutes {
	let areWhole = true;
	const report: ReportIssue = (...args) => {
		areWhole = false;
		reportIssue(...args);
	};
	if (node.type !== 'list') {
		report(node, path, `takes a list of routes like [${ROUTE.example}], but got ${describeFound(node)}.`);
		return {routes: [], areWhole};
	}
	if (node.items.length === 0) report(node, path, 'is empty: no file would have a route.');
	if (node.items.length > MAX_ROUTES)
		report(node, path, `takes up to ${MAX_ROUTES} routes, but got ${node.items.length}.`);
	const routes = node.items.flatMap((item, index) => parseRoute(item, `${path}[${index}]`, report, reportIssue) ?? []);
	const seen = new Set<string>();
	for (const {tag} of routes) {
		if (seen.has(tag.text))
			reportIssue(tag, path, `has two routes with the tag ${quoted(tag.text)}: each needs a tag of its own.`);
		seen.add(tag.text);
	}
	return {routes, areWhole};
}

/** @param reportMatch - What is wrong with what a route matches: the rest of it can be read all the same. */
function parseRoute(node: JsonNode, path: string, report: ReportIssue, reportMatch: ReportIssue): WrittenRoute | null {
	const members = readMembers(node, path, ROUTE, report);
	if (members === null) return null;
	const [tagNode, matchNode, stepsNode] = [members.get('tag'), members.get('match'), members.get('steps')];
	if (tagNode === undefined) report(node, path, 'has no tag: add "tag" and a name for the route.');
	if (stepsNode === undefined) report(node, path, 'has no steps: add "steps" and a list, which may be empty.');
	const tag = tagNode === undefined ? null : readText(tagNode.value, within(path, 'tag'), 'a name', report);
	const terms = matchNode === undefined ? null : parseMatch(matchNode.value, within(path, 'match'), reportMatch);
	const steps = stepsNode === undefined ? [] : parseSteps(stepsNode.value, within(path, 'steps'), report);
	if (tag === null) return null;
	return {tag, match: matchNode === undefined ? null : {offset: matchNode.value.offset, terms: terms ?? {}}, steps};
}

function parseSteps(node: JsonNode, path: string, report: ReportIssue): readonly WrittenStep[] {
	if (node.type !== 'list') {
		report(node, path, `takes a list of steps like [${STEP.example}], but got ${describeFound(node)}.`);
		return [];
	}
	return node.items.flatMap((item, index) => parseStep(item, `${path}[${index}]`, report) ?? []);
}

function parseStep(node: JsonNode, path: string, report: ReportIssue): WrittenStep | null {
	const members = readMembers(node, path, STEP, report);
	if (members === null) return null;
	const [processorNode, withNode, tagsNode] = [
		members.get('processor')?.value,
		members.get('with')?.value,
		members.get('tags')?.value,
	];
	if (processorNode === undefined)
		report(node, path, 'has no processor: add "processor" and its name, or the path of its module.');
	const processor =
		processorNode === undefined
			? null
			: readText(
					processorNode,
					within(path, 'processor'),
					'the name of a processor, or the path of its module',
					report,
				);
	const exits = tagsNode === undefined ? [] : parseExits(tagsNode, within(path, 'tags'), report);
	const settings = withNode === undefined ? {} : parseSettings(withNode, within(path, 'with'), report);
	if (processor === null) return null;
	return {path, processor, with: settings, withNode: withNode ?? null, exits};
}

function parseSettings(node: JsonNode, path: string, report: ReportIssue): JsonObject {
	if (node.type === 'object') return readValue(node, path, report) as JsonObject;
	report(node, path, `takes an object of settings, but got ${describeFound(node)}.`);
	return {};
}

function parseExits(node: JsonNode, path: string, report: ReportIssue): readonly WrittenExit[] {
	if (node.type !== 'object') {
		report(
			node,
			path,
			`takes an object from what the processor says to tags of routes, like {"urgent": "page"}, but got ${describeFound(node)}.`,
		);
		return [];
	}
	return withoutRepeats(node.members, `${path}.`, report).flatMap(({name, value}) => {
		const to = readText(value, within(path, name), 'the tag of a route', report);
		return to === null ? [] : [{said: name, to}];
	});
}
