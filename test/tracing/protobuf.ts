/** The fields of a Protocol Buffers message by number: numbers of variable or fixed length, and bytes for all else. */
export class Message {
  readonly #fields = new Map<number, (bigint | Buffer)[]>();

  /** @param bytes as Protocol Buffers' documentation, "Encoding", has them. */
  constructor(bytes: Buffer) {
    const reader = { bytes, at: 0 };
    while (reader.at < bytes.length) {
      const tag = Number(readVarint(reader));
      this.#fields.getOrInsertComputed(tag >> 3, () => []).push(readValue(reader, tag & 7));
    }
  }

  messages(field: number): Message[] {
    return this.#bytes(field).map((bytes) => new Message(bytes));
  }

  texts(field: number): string[] {
    return this.#bytes(field).map((bytes) => bytes.toString("utf8"));
  }

  text(field: number): string {
    return this.texts(field)[0] ?? "";
  }

  hex(field: number): string {
    return this.#bytes(field)[0]?.toString("hex") ?? "";
  }

  number(field: number): bigint | undefined {
    return this.#fields.get(field)?.find((value) => typeof value === "bigint");
  }

  #bytes(field: number): Buffer[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value !== "bigint");
  }
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = reader.bytes.readUInt8(reader.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}

function readValue(reader: Reader, wireType: number): bigint | Buffer {
  switch (wireType) {
    case 0:
      return readVarint(reader);
    case 1:
      return readBytes(reader, 8).readBigUInt64LE();
    case 2:
      return readBytes(reader, Number(readVarint(reader)));
    case 5:
      return BigInt(readBytes(reader, 4).readUInt32LE());
    default:
      throw new Error(`wire type ${wireType} at ${reader.at}`);
  }
}

function readBytes(reader: Reader, length: number): Buffer {
  reader.at += length;
  return reader.bytes.subarray(reader.at - length, reader.at);
}
