// Shows this server's own document; validatorUrl null keeps Swagger UI from asking another host.
SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#documentation",
  deepLinking: true,
  validatorUrl: null,
});
