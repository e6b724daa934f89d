import { enableCompileCache } from "node:module";

// Node takes the types out of every file and compiles it at each start; kept in the system's temporary folder, that is done
// once, and a start takes half the time. Where the folder cannot be written, it is done as before.
enableCompileCache();

// Imported only now, because what is imported above is not kept.
const { run } = await import("./program.ts");
await run();
