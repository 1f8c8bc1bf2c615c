// What is written beside the data: the result of a claim, and why one failed, as JSON for people and programs.
import type {Decision, KnownClaim, NewClaim} from '../ledger/claims-protocol.ts';
import type {FileReport} from '../model/report.ts';
import type {WayOutcome} from '../pipeline/run-steps.ts';
import {layOutSafely} from '../text/json-layout.ts';
import {displayPath} from '../text/path-text.ts';

/** The claim, as far as documents tell of it. */
export type DescribedClaim = Pick<NewClaim, 'id' | 'name' | 'bytes'>;

/** The report of the file as in `--json`, and how it came about. */
export function resultDocument(claim: DescribedClaim, way: WayOutcome, contentHash: string): string {
	const {report, steps, metadata, outputs, tag} = way;
	return toJson({
		claim: claim.id,
		...(report ?? {file: displayPath(claim.name), status: 'completed', bytes: claim.bytes}),
		content_hash: contentHash,
		route: tag,
		steps,
		...(Object.keys(metadata).length > 0 && {metadata}),
		...(outputs.length > 0 && {outputs: outputs.map(({name}) => displayPath(name))}),
	});
}

/** Why a file failed. */
export function reasonDocument(claim: DescribedClaim, failure: Failure, way: WayOutcome | null): string {
	const {line, byte_offset} = way?.report?.error ?? {line: null, byte_offset: null};
	const {code, message, attempts, contentHash} = failure;
	return toJson({
		claim: claim.id,
		file: displayPath(claim.name),
		status: 'failed',
		...{code, message, line, byte_offset, attempts, bytes: claim.bytes},
		...(contentHash !== null && {content_hash: contentHash}),
		...(way !== null && {route: way.tag, step: way.step, steps: way.steps}),
		...(way?.report != null && {report: withoutResult(way.report)}),
		...(way !== null && way.outputs.length > 0 && {outputs: way.outputs.map(({name}) => displayPath(name))}),
	});
}

export interface Failure {
	readonly code: string;
	readonly message: string;
	readonly attempts: number;
	readonly contentHash: string | null;
}

/** Figures of a part of a file are nobody's result. */
const withoutResult = ({result: _, results: __, members, ...report}: FileReport): object => ({
	...report,
	...(members !== undefined && {
		members: members.map(member => (member.status === 'completed' ? member : withoutResult(member))),
	}),
});

/** What is there of a claim whose result is that of another one, or that has none that is kept. */
export function documentOfDecision(
	claim: DescribedClaim & Pick<KnownClaim, 'attempts'>,
	decision: Omit<Decision, 'result' | 'states'>,
): string {
	const {status, duplicateOf, code, message, contentHash, tag, destination} = decision;
	return toJson({
		claim: claim.id,
		file: displayPath(claim.name),
		status: destination === 'failed' ? 'failed' : status,
		...(duplicateOf !== null && {duplicate_of: duplicateOf}),
		...(code !== null && {code, message}),
		attempts: claim.attempts,
		bytes: claim.bytes,
		...(contentHash !== null && {content_hash: contentHash}),
		...(tag !== null && {route: tag}),
	});
}

const toJson = (document: object): string => `${layOutSafely(document, '')}\n`;
