// Checks requests against the schemas of their routes. A schema is compiled when it is needed first: all of them would take a third of a start.
import {Ajv, type ValidateFunction} from 'ajv';
import type {FastifySchemaCompiler} from 'fastify';

/** As fastify has them, except that members that a schema does not know are refused. */
const OPTIONS = {
	...({coerceTypes: 'array', useDefaults: true, removeAdditional: false, allErrors: false} as const),
	...{allowUnionTypes: true, addUsedSchema: false},
	// For descriptions alone, see openapi/describe-routes.ts.
	keywords: ['described'],
	// To compile the schema of schemas takes as long as to compile ten others.
	...{validateSchema: false, meta: false},
};

export function compileWhenNeeded(): FastifySchemaCompiler<object> {
	let ajv: Ajv | null = null;
	return ({schema}) => {
		let compiled: ValidateFunction | null = null;
		const validate = (data: unknown): boolean => {
			ajv ??= new Ajv(OPTIONS);
			compiled ??= ajv.compile(schema);
			return compiled(data);
		};
		// Where fastify looks for them.
		return Object.defineProperty(validate, 'errors', {get: () => compiled?.errors ?? null});
	};
}
