export declare function adviceAfter(said: string): string;
export declare function isForPeople(line: string): boolean;
