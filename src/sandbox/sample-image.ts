/** The sample service: service, dependency, load agent and probe in one image. */
export const sampleImage = "labs/go-app:v1";
