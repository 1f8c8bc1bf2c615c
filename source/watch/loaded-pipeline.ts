// A pipeline that is ready to work: its processors are loaded.
import type {Pipeline, Processor, Route, Step} from '../pipeline/pipeline.ts';

export interface LoadedPipeline {
	readonly pipeline: Pipeline;
	/** That of a step, ready to work. */
	readonly processor: (step: Step) => Promise<Processor>;
	/** The route that a file begins with. `null`: none takes it. */
	readonly chooseRoute: (file: RoutedFile) => Promise<Route | null>;
	readonly close: () => Promise<void>;
}

export interface RoutedFile {
	/** As it was dropped, with its folder, as a text of `text/path-text.ts`. */
	readonly name: string;
	/** Where it lies. */
	readonly path: string;
	readonly bytes: number;
}
