FROM python:3.11-slim
COPY app /app
COPY shared /app/shared
