// What `routes check` says, for programs.
import type {Match, Route} from '../../../pipeline/pipeline.ts';
import type {PassedRoute} from '../../../pipeline/routes/choose/choose-route.ts';
import type {LoadedPipeline} from '../../../pipeline/routes/load-pipeline.ts';
import type {PipelineError} from '../../../pipeline/routes/pipeline-error.ts';
import {displayPath} from '../../../text/path-text.ts';

/** Which route a file would take. */
export interface RoutedFile {
	/** As it was given. */
	readonly file: string;
	/** `null`: none. */
	readonly route: string | null;
	readonly passed: readonly PassedRoute[];
	/** Why nothing can be said of it. */
	readonly error: {readonly code: string; readonly message: string} | null;
}

export const routesJson = (
	{pipeline: {routes, digest}, classic}: LoadedPipeline,
	file: string,
	files: readonly RoutedFile[],
): object => ({
	file: displayPath(file),
	digest,
	routes: routes.map(route => ({
		tag: route.tag,
		match: route.match === null || route.match === 'any' ? route.match : matchJson(route.match),
		steps: route.steps.map(({processor, with: settings, tags}) => ({
			processor: displayPath(processor),
			with: settings,
			tags,
		})),
		reached_from: tagsThatLeadTo(route, routes),
	})),
	...(classic !== null && {classic}),
	files,
});

const matchJson = ({firstBytes, ...others}: Match): object => ({
	...others,
	...(firstBytes !== undefined && {firstBytes: `hex:${Buffer.from(firstBytes).toString('hex')}`}),
});

/** The tags of routes with a step that sends files to this one. */
export const tagsThatLeadTo = ({tag}: Route, routes: readonly Route[]): readonly string[] =>
	routes.filter(({steps}) => steps.some(({tags}) => Object.values(tags).includes(tag))).map(route => route.tag);

export const faultsJson = (file: string, {faults}: PipelineError): object => ({
	file: displayPath(file),
	faults: faults.map(({place, sentence}) => ({
		line: place?.line ?? null,
		column: place?.column ?? null,
		message: sentence,
	})),
});
