// The ways that files can take: each tag must be that of a route, each way must end, and each route must be on one.
import {findClosestMatch} from '../../text/closest-match.ts';
import type {ReportIssue} from '../../text/json-values.ts';
import {quoted} from '../../text/quoted.ts';
import {MAX_STEPS} from '../pipeline.ts';
import type {WrittenRoute} from './written.ts';

/** @param isWhole - Whether all of the routes could be read; otherwise only ways that never end are told. */
export function checkWays(routes: readonly WrittenRoute[], path: string, isWhole: boolean, report: ReportIssue): void {
	const routeOf = new Map(routes.toReversed().map(route => [route.tag.text, route]));
	if (isWhole) reportMissing(routes, path, routeOf, report);
	const areEnding = reportEndless(routes, routeOf, path, report);
	if (areEnding) reportLong(routes, routeOf, path, report);
	if (isWhole) reportUnreached(routes, path, report);
}

type RouteByTag = ReadonlyMap<string, WrittenRoute>;

const exitsOf = ({steps}: WrittenRoute) => steps.flatMap(({exits}) => exits);

function reportMissing(routes: readonly WrittenRoute[], path: string, routeOf: RouteByTag, report: ReportIssue): void {
	for (const [index, route] of routes.entries()) {
		for (const [step, {exits}] of route.steps.entries()) {
			for (const {said, to} of exits) {
				if (routeOf.has(to.text)) continue;
				const closest = findClosestMatch(to.text, routeOf.keys());
				const hint = closest === undefined ? '' : ` Did you mean ${quoted(closest)}?`;
				const at = `${path}[${index}].steps[${step}].tags`;
				report(to, at, `sends files to ${quoted(to.text)} for ${quoted(said)}, but no route has this tag.${hint}`);
			}
		}
	}
}

/** Tells each tag that leads back to a route on the way to it. @returns Whether there is none. */
function reportEndless(
	routes: readonly WrittenRoute[],
	routeOf: RouteByTag,
	path: string,
	report: ReportIssue,
): boolean {
	const finished = new Set<WrittenRoute>();
	let isEnding = true;
	// Without recursion: a thousand routes may stand in one line.
	for (const first of routes) {
		const way: {readonly route: WrittenRoute; readonly exits: ReturnType<typeof exitsOf>}[] = [];
		const enter = (route: WrittenRoute): void => {
			if (!finished.has(route)) way.push({route, exits: exitsOf(route)});
		};
		enter(first);
		for (let last = way.at(-1); last !== undefined; last = way.at(-1)) {
			const exit = last.exits.shift();
			const next = exit === undefined ? undefined : routeOf.get(exit.to.text);
			if (exit === undefined) {
				finished.add(last.route);
				way.pop();
			} else if (next !== undefined) {
				const start = way.findIndex(({route}) => route === next);
				if (start === -1) enter(next);
				else {
					isEnding = false;
					const tags = [...way.slice(start).map(({route}) => route), next].map(({tag}) => quoted(tag.text));
					report(exit.to, path, `have a way that never ends: ${tags.join(' → ')}. Let one of them lead elsewhere.`);
				}
			}
		}
	}
	return isEnding;
}

function reportLong(routes: readonly WrittenRoute[], routeOf: RouteByTag, path: string, report: ReportIssue): void {
	const known = new Map<WrittenRoute, number>();
	/** Steps of the longest way from a route on: ways end, so there is one. */
	const longest = (route: WrittenRoute): number => {
		const before = known.get(route);
		if (before !== undefined) return before;
		const lengths = route.steps.flatMap(({exits}, index) =>
			exits.map(({to}) => {
				const next = routeOf.get(to.text);
				return index + 1 + (next === undefined ? 0 : longest(next));
			}),
		);
		const length = Math.max(route.steps.length, ...lengths);
		known.set(route, length);
		return length;
	};
	for (const [index, route] of routes.entries()) {
		const length = longest(route);
		if (length > MAX_STEPS && route.match !== null)
			report(route.tag, `${path}[${index}]`, `has a way of ${length} steps; a file may take ${MAX_STEPS} at most.`);
	}
}

function reportUnreached(routes: readonly WrittenRoute[], path: string, report: ReportIssue): void {
	const reached = new Set(routes.flatMap(route => exitsOf(route).map(({to}) => to.text)));
	let any: WrittenRoute | null = null;
	for (const [index, route] of routes.entries()) {
		const at = `${path}[${index}]`;
		const {tag, match} = route;
		if (match === null && !reached.has(tag.text))
			report(tag, at, `is never taken: it has no match, and no step leads to ${quoted(tag.text)}.`);
		if (match !== null && any !== null)
			report(
				match,
				`${at}.match`,
				`is never looked at: ${quoted(any.tag.text)} in front of it takes every file. Put that one last.`,
			);
		if (match?.terms === 'any') any ??= route;
	}
}
