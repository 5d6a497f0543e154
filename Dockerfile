# The gateway's image, and as a target of its own the demo providers' that docker-compose.yml starts beside it:
#   docker build --tag metering-gateway .
#   docker build --tag metering-gateway-demo --target demo-providers .
# The images hold programs only: configuration and secrets come from where they run.

# Both base images get .NET's patches under this name; a build that must be repeatable to the byte names digests.
ARG DOTNET_VERSION=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET_VERSION} AS build
WORKDIR /source
# What a restore reads and no more, so that its layer lasts until a package changes.
COPY .editorconfig BannedSymbols.txt Directory.Build.props Directory.Packages.props global.json ./
COPY src/MeteringGateway.Ledger/MeteringGateway.Ledger.csproj src/MeteringGateway.Ledger/
COPY src/MeteringGateway.Engine/MeteringGateway.Engine.csproj src/MeteringGateway.Engine/
COPY src/MeteringGateway/MeteringGateway.csproj src/MeteringGateway/
COPY src/MeteringGateway.Local/MeteringGateway.Local.csproj src/MeteringGateway.Local/
RUN dotnet restore src/MeteringGateway
RUN dotnet restore src/MeteringGateway.Local
COPY src src
ARG VERSION=0.0.0
# The analyzers have had their say before a change goes in.
RUN dotnet publish src/MeteringGateway --no-restore --configuration Release \
      -p:UseAppHost=false -p:RunAnalyzers=false -p:Version=${VERSION} --output /gateway
RUN dotnet publish src/MeteringGateway.Local --no-restore --configuration Release \
      -p:UseAppHost=false -p:RunAnalyzers=false -p:Version=${VERSION} --output /demo-providers

# No shell and no package manager to break in with: a health check is a verb of the program.
FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET_VERSION}-noble-chiseled AS runtime
# Nothing is written below /: the runtime's debugger sockets in /tmp are off, so a read-only root needs no tmpfs.
# The base image's own port setting would only be warned of beside Urls.
ENV DOTNET_EnableDiagnostics=0 \
    ASPNETCORE_HTTP_PORTS=
USER $APP_UID
STOPSIGNAL SIGTERM

FROM runtime AS demo-providers
LABEL org.opencontainers.image.title="MeteringGateway demo providers" \
      org.opencontainers.image.description="Four small providers to point a gateway at"
WORKDIR /demo-providers
COPY --from=build /demo-providers ./
EXPOSE 9101 9102 9103 9104
HEALTHCHECK --interval=10s --timeout=8s --start-period=30s --retries=3 CMD ["dotnet", "MeteringGateway.Local.dll", "demo-provider", "--check"]
ENTRYPOINT ["dotnet", "MeteringGateway.Local.dll"]
CMD ["demo-provider", "--address", "0.0.0.0"]

# The last stage is what a build without --target makes.
FROM runtime AS gateway
ARG VERSION=0.0.0
LABEL org.opencontainers.image.title="MeteringGateway" \
      org.opencontainers.image.description="A reverse-proxy metering gateway: prepaid credits, charged once per call" \
      org.opencontainers.image.version="${VERSION}"
WORKDIR /gateway
COPY --from=build /gateway ./
# Calls, and what Management:Urls keeps apart from them: metrics, probes, the operator API.
ENV Urls=http://0.0.0.0:8080
EXPOSE 8080 9464
# Alive, not ready: an engine that acts on it would restart a gateway for a Redis that is away.
HEALTHCHECK --interval=10s --timeout=8s --start-period=60s --retries=3 CMD ["dotnet", "MeteringGateway.dll", "healthcheck", "--alive"]
ENTRYPOINT ["dotnet", "MeteringGateway.dll"]
CMD ["serve"]
