// What this folder uses of WebAssembly. Its types come with those of browsers, which nothing else here needs.

export interface WasmMemory {
	readonly buffer: ArrayBuffer;
}
export interface WasmModule {
	readonly module?: never;
}
type Imports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyApi {
	readonly Module: new (bytes: Uint8Array) => WasmModule;
	readonly Instance: new (module: WasmModule, imports: Imports) => {readonly exports: unknown};
	readonly CompileError: new () => Error;
	readonly RuntimeError: new () => Error;
}

export const webAssembly = (globalThis as unknown as {readonly WebAssembly: WebAssemblyApi}).WebAssembly;
