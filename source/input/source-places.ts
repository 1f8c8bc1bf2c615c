// Where bytes that a source gives out stand in the file, where they are not those of the file: text in another encoding is given out in UTF-8.

/** Readers count in bytes that they are given; what is told is told in bytes of the file. */
export interface SourcePlaces {
	/** The byte of the file at which what stands at this place begins. To be asked for places that are kept, and for those behind the settled ones. */
	readonly fileOffsetOf: (place: number) => number;
	/** Says that the place will be asked for later. */
	readonly keep: (place: number) => void;
	/** Says that nothing in front of this place will be asked for any more, but what is kept. */
	readonly settle: (place: number) => void;
}
