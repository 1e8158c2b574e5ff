import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ChangeFeed } from '../domain/change-feed.js';

/** Receives changes for as long as the server runs: only then are cached copies used. */
@Injectable()
export class ChangeListening implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly feed: ChangeFeed) {}

  onModuleInit(): void {
    this.feed.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.feed.stop();
  }
}
