import {cpus, platform, totalmem} from 'node:os';
import {duckdb, type Program, slowRivals} from '../programs.ts';

/** What the figures were measured on, for people to judge them by. */
export function describeMachine(): string {
	const processors = cpus();
	const model = processors[0]?.model.replaceAll(/\((R|TM)\)/g, '').trim() ?? 'an unknown processor';
	const gigabytes = Math.round(totalmem() / 2 ** 30);
	return `${processors.length} cores of ${model}, ${gigabytes} GiB of memory, ${platform()} ${process.arch}, Node ${process.versions.node}`;
}

export interface Participants {
	/** With their versions. */
	readonly present: readonly string[];
	readonly missing: readonly string[];
}

export function findParticipants(asked: readonly Program[] = [duckdb, ...slowRivals]): Participants {
	const found = asked.map(({name, version}) => ({name, version: version()}));
	return {
		present: found.flatMap(({name, version}) => (version === null ? [] : [`${name} ${version}`])),
		missing: found.flatMap(({name, version}) => (version === null ? [name] : [])),
	};
}
