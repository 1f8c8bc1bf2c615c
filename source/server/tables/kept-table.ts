// A table with more rows than the report of its result lists, as it is kept: in files beside the report.

/** What is in the file `tables.json` of a result. */
export interface KeptTables {
	/** Raised when the files are written otherwise. */
	readonly version: 1;
	readonly tables: readonly KeptTable[];
}

export interface KeptTable {
	/** As `transactions.categories`. */
	readonly name: string;
	readonly columns: readonly string[];
	/** Columns of names out of the data, see `ResultTable`. */
	readonly texts: readonly string[];
	readonly rows: number;
	/** Every value as it is. */
	readonly raw: KeptFile;
	/** The same without formulas; `null` where there is none in it. */
	readonly guarded: KeptFile | null;
	/** Where the table as Parquet belongs, which is made when somebody asks for it. */
	readonly parquet: string;
}

export interface KeptFile {
	/** In the folder of the result. */
	readonly name: string;
	readonly bytes: number;
	/** In hexadecimal digits. */
	readonly sha256: string;
}

export const KEPT_TABLES = 'tables.json';

/** Where the partial of an analysis of a file is. */
export interface SpooledPartial {
	/** Of the file in its archive; 0 where it is none. */
	readonly place: number;
	readonly analysis: string;
	/** In bytes from the beginning of the spool. */
	readonly start: number;
	readonly bytes: number;
}
