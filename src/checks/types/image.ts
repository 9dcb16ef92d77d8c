import { z } from "zod";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { type Rule, defineCheck, joined, rulesVerdict, verdict } from "../check.ts";
import { recordOf } from "../recorded.ts";

const params = z
  .strictObject({
    ratio: bounds.optional().describe("Its size over that of the image `beside`"),
    without: z.string().optional().describe("Regular expression; no file's path, without a leading slash, matches it"),
    user: z
      .string()
      .optional()
      .describe(
        "Regular expression; its user matches, and so does the number of one that is a name; none is the empty text",
      ),
    setuid: z
      .string()
      .optional()
      .describe("Regular expression; every file that runs with its owner's rights (setuid) has a path that matches"),
  })
  .refine((given) => Object.keys(given).length > 0, "say what to look at: ratio, without, user or setuid");

type Params = z.infer<typeof params>;

const seen = z.object({
  files: z.array(z.string()),
  setuid: z.array(z.string()),
  sizeBytes: z.number(),
  user: z.string(),
  uid: z.string().optional(),
  besideBytes: z.number().optional(),
});

function rulesOf({ ratio, without, user, setuid }: Params, image: z.infer<typeof seen>): Rule[] {
  const rules: Rule[] = [];
  if (ratio !== undefined) {
    if (image.besideBytes === undefined) throw new Error("ratio needs `beside` in the unpack action");
    const value = image.sizeBytes / image.besideBytes;
    const megabytes = [image.sizeBytes, image.besideBytes].map((bytes) => `${(bytes / 1e6).toFixed(0)} MB`);
    rules.push({
      expected: `a size of ${boundsText(ratio)} of the other image's`,
      observed: `${value.toFixed(2)} (${megabytes.join(" of ")})`,
      holds: isWithin(value, ratio),
    });
  }
  if (without !== undefined) {
    const pattern = new RegExp(without);
    const found = image.files.filter((file) => pattern.test(file));
    const observed = found.length === 0 ? "no such file" : joined(found);
    rules.push({ expected: `no file /${without}/`, observed, holds: found.length === 0 });
  }
  if (user !== undefined) {
    const pattern = new RegExp(user);
    const number = image.uid === undefined ? "" : `, whose number is ${image.uid}`;
    const observed = `user ${image.user === "" ? "root, as none is set" : image.user}${number}`;
    const holds = pattern.test(image.user) && (image.uid === undefined || pattern.test(image.uid));
    rules.push({ expected: `a user /${user}/`, observed, holds });
  }
  if (setuid !== undefined) {
    const pattern = new RegExp(setuid);
    const found = image.setuid.filter((file) => !pattern.test(file));
    const observed = found.length === 0 ? "no other setuid file" : `setuid: ${joined(found)}`;
    rules.push({ expected: `no setuid file but /${setuid}/`, observed, holds: found.length === 0 });
  }
  return rules;
}

/** What is in an image that an experiment built. */
export const image = defineCheck<Params>({
  name: "image",
  summary:
    "What `unpack` found in an image: its size beside another's, files that must not be in it, its user, setuid files",
  reads: ["record"],
  needs: ["containers"],
  racy: false,
  params,
  async run(given, context) {
    const action = recordOf(context).actions.find((one) => one.action === "unpack");
    if (action === undefined) return verdict(false, "an image was looked into", "none was");
    if (!action.finished) return verdict(false, "an image was looked into", action.detail);
    return rulesVerdict(rulesOf(given, seen.parse(action.data)));
  },
});
