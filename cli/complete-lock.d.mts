type Packages = Record<string, unknown>;
export declare function complete(packages: Packages): { packages: Packages; added: string[] };
