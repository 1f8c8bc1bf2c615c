// Which route a file takes: the first one whose terms all hold. What costs nothing is asked first, the beginning of the file is read once for
// all routes, and all that is looked for in its text is looked for at once.
//
//   name, folder, size ──> first bytes ──> header, dialect ──> the text, as far as it is needed
import {matchColumns} from '../../../analysis/detect.ts';
import {isRetryable} from '../../../engine/jobs/retry-policy.ts';
import {toErrorReport} from '../../../engine/shared/errors.ts';
import {withDefaults} from '../../../engine/shared/limits.ts';
import {type Match, type PipelineFile, type Route, StepError} from '../../pipeline.ts';
import {declarationOfColumns} from './columns.ts';
import type {Head, LookSettings} from './content-look.ts';
import {
	describeBytes,
	describeFolders,
	describeMembers,
	describeNames,
	describeSize,
	inOneLine,
} from './describe-terms.ts';
import {findOtherDialect} from './dialect-term.ts';
import {FileLook} from './file-look.ts';
import {compileFolder, compileName} from './fits-pattern.ts';
import {findTerms, type TextTerm, textTermsOf} from './text-terms.ts';

export type RouteSettings = Omit<LookSettings, 'limits'> & {readonly limits?: Partial<LookSettings['limits']>};

export interface RouteChoice {
	/** `null`: there is none for the file. */
	readonly route: Route | null;
	/** Those in front of it that it could have taken, with the first term that does not hold. */
	readonly passed: readonly PassedRoute[];
}

export interface PassedRoute {
	readonly tag: string;
	/** `name`, `dialect.delimiter` … */
	readonly term: string;
	/** For people, as parts of a sentence: expected …, found …. */
	readonly expected: string;
	readonly found: string;
}

type Fault = Omit<PassedRoute, 'tag'>;

/** @throws {StepError} When the file cannot be read as far as its route depends on it. */
export type ChooseRoute = (file: PipelineFile) => Promise<RouteChoice>;

export function createRouteChooser(routes: readonly Route[], settings: RouteSettings = {}): ChooseRoute {
	const compiled = routes.flatMap(route => (route.match === null ? [] : [compileRoute(route, settings)]));
	const wanted = compiled.flatMap(({columns}) => columns ?? []);
	const {encoding, forced, dialectRules, map, aliases, limits = {}} = settings;
	const whole: LookSettings = {encoding, forced, dialectRules, map, aliases, limits: withDefaults(limits)};
	return async file => {
		let look: FileLook | null = null;
		try {
			look = new FileLook(file, whole, wanted);
			return await new Choosing(file, look, compiled).choose();
		} catch (error) {
			const {code, message} = toErrorReport(error);
			if (code === 'INTERNAL_ERROR') throw error;
			throw new StepError(code, message, {mayPass: isRetryable(code), cause: error});
		} finally {
			look?.close();
		}
	};
}

interface CompiledRoute {
	readonly route: Route;
	readonly match: Match;
	readonly names: readonly ((name: string) => boolean)[];
	readonly folders: readonly ((folders: readonly string[]) => boolean)[];
	readonly columns: ReturnType<typeof declarationOfColumns> | null;
	readonly settings: RouteSettings;
}

function compileRoute(route: Route, settings: RouteSettings): CompiledRoute {
	const match = route.match === 'any' || route.match === null ? {} : route.match;
	return {
		route,
		match,
		names: (match.name ?? []).map(compileName),
		folders: (match.folder ?? []).map(compileFolder),
		columns: match.columns === undefined ? null : declarationOfColumns(match.columns),
		settings,
	};
}

/** How an archive without files of data begins. */
const NOTHING: Head = {compression: null, encoding: null, table: null, isText: false, fault: null};

/** Of one file. */
class Choosing {
	readonly #file: PipelineFile;
	readonly #look: FileLook;
	readonly #routes: readonly CompiledRoute[];
	readonly #beginnings = new Map<CompiledRoute, Fault | null>();
	readonly #textTerms = new Map<CompiledRoute, readonly TextTerm[]>();
	#isTextRead = false;

	constructor(file: PipelineFile, look: FileLook, routes: readonly CompiledRoute[]) {
		this.#file = file;
		this.#look = look;
		this.#routes = routes;
	}

	async choose(): Promise<RouteChoice> {
		const passed: PassedRoute[] = [];
		for (const route of this.#routes) {
			const fault = (await this.#faultOfBeginning(route)) ?? (await this.#faultOfText(route));
			if (fault === null) {
				this.#look.verify();
				return {route: route.route, passed};
			}
			passed.push({tag: route.route.tag, ...fault});
		}
		this.#look.verify();
		return {route: null, passed};
	}

	/** Of all terms but those of the whole text. */
	async #faultOfBeginning(route: CompiledRoute): Promise<Fault | null> {
		const known = this.#beginnings.get(route);
		if (known !== undefined) return known;
		const fault =
			this.#faultOfName(route) ??
			this.#faultOfSize(route) ??
			(await this.#faultOfFirstBytes(route)) ??
			(await this.#faultOfColumns(route)) ??
			(await this.#faultOfDialect(route));
		this.#beginnings.set(route, fault);
		return fault;
	}

	#faultOfName({match, names, folders}: CompiledRoute): Fault | null {
		const parts = this.#file.name.split('/');
		const name = parts.at(-1) ?? '';
		if (match.name !== undefined && !names.some(fits => fits(name)))
			return {term: 'name', expected: describeNames(match.name), found: inOneLine(name)};
		const within = parts.slice(0, -1);
		if (match.folder !== undefined && !folders.some(fits => fits(within)))
			return {term: 'folder', expected: describeFolders(match.folder), found: describeFolders([within.join('/')])};
		return null;
	}

	#faultOfSize({match: {size}}: CompiledRoute): Fault | null {
		const {bytes} = this.#file;
		if (size === undefined || (bytes >= (size.min ?? 0) && bytes <= (size.max ?? Number.POSITIVE_INFINITY)))
			return null;
		return {term: 'size', expected: describeSize(size), found: `${bytes} bytes`};
	}

	async #faultOfFirstBytes({match: {firstBytes}}: CompiledRoute): Promise<Fault | null> {
		if (firstBytes === undefined) return null;
		const found = await this.#look.firstBytes(firstBytes.length);
		if (Buffer.compare(found, firstBytes) === 0) return null;
		return {term: 'firstBytes', expected: describeBytes(firstBytes), found: describeBytes(found)};
	}

	async #faultOfColumns({match, columns, settings: {map, aliases}}: CompiledRoute): Promise<Fault | null> {
		if (columns === null) return null;
		const contents = await this.#look.contents();
		let found = '';
		for (const text of contents.texts) {
			const {table, isText, fault} = await text.head();
			if (contents.archive !== null) text.close();
			const missing =
				table === null ? null : matchColumns(table.names, [columns], {map, aliases, names: 'certain'}).missing;
			if (missing?.length === 0) return null;
			found =
				table === null || isText
					? `no table${fault === null ? '' : `: ${fault}`}`
					: `${describeNames(table.names)}: no ${describeNames(missing ?? [])}`;
		}
		return {term: 'columns', expected: describeNames(match.columns ?? []), found: describeMembers(contents, found)};
	}

	/** Of an archive, one text in it must be so. */
	async #faultOfDialect({match: {dialect}}: CompiledRoute): Promise<Fault | null> {
		if (dialect === undefined) return null;
		const contents = await this.#look.contents();
		const {archive, texts} = contents;
		let fault: Fault | null = texts.length === 0 ? findOtherDialect(dialect, NOTHING, archive) : null;
		for (const text of texts) {
			fault = findOtherDialect(dialect, await text.head(), archive);
			if (archive !== null) text.close();
			if (fault === null) return null;
		}
		return fault === null ? null : {...fault, found: describeMembers(contents, fault.found)};
	}

	async #faultOfText(route: CompiledRoute): Promise<Fault | null> {
		const terms = this.#textTermsOf(route);
		if (terms.some(({isFound}) => !isFound) && !this.#isTextRead) await this.#readTexts(route);
		const missing = terms.find(({isFound}) => !isFound);
		if (missing === undefined) return null;
		const {term, expected, found} = missing;
		return {term, expected, found: describeMembers(await this.#look.contents(), found)};
	}

	#textTermsOf(route: CompiledRoute): readonly TextTerm[] {
		const terms = this.#textTerms.get(route) ?? textTermsOf(route.match);
		this.#textTerms.set(route, terms);
		return terms;
	}

	/** Looks for all that this route and those behind it want, until this one has it all. */
	async #readTexts(first: CompiledRoute): Promise<void> {
		const wanted: TextTerm[] = [];
		for (const route of this.#routes.slice(this.#routes.indexOf(first))) {
			if ((await this.#faultOfBeginning(route)) !== null) continue;
			const terms = this.#textTermsOf(route);
			// Those behind a route that takes the file are never tried.
			if (terms.length === 0) break;
			wanted.push(...terms);
		}
		const own = this.#textTermsOf(first);
		const {archive, texts} = await this.#look.contents();
		for (const text of texts) {
			const isEnough = await findTerms(text, wanted, own);
			if (archive !== null) text.close();
			if (isEnough) return;
		}
		this.#isTextRead = true;
	}
}
